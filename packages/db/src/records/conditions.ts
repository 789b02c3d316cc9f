import { uuidOf } from '@casebook/api'
import { sql, type Expression, type SqlBool } from 'kysely'
import { containsPattern } from '../keyset.ts'
import type { RecordFilter } from './store.ts'

/** The conditions of a listing's filters on the table of records. */
export function filterConditions(filter: RecordFilter): Expression<SqlBool>[] {
  const conditions: Expression<SqlBool>[] = []
  if (filter.patientId !== undefined) conditions.push(sql<SqlBool>`patient_id = ${uuidOf(filter.patientId)}`)
  if (filter.from !== undefined) conditions.push(sql<SqlBool>`date >= ${filter.from}::date`)
  if (filter.to !== undefined) conditions.push(sql<SqlBool>`date <= ${filter.to}::date`)
  if (filter.kind !== undefined) conditions.push(sql<SqlBool>`kind = ${filter.kind}`)
  if (filter.code !== undefined) conditions.push(sql<SqlBool>`code = ${filter.code}`)
  for (const word of filter.q?.split(/\s+/).slice(0, 8) ?? []) {
    const pattern = containsPattern(word)
    conditions.push(
      sql<SqlBool>`(title ilike ${pattern} or notes ilike ${pattern} or code_display ilike ${pattern})`,
    )
  }
  return conditions
}
