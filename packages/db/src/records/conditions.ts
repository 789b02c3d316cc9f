import { uuidOf } from '@casebook/api'
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import { wordsOf } from '../keyset.ts'
import type { RecordFilter } from './store.ts'

type Condition = RawBuilder<SqlBool>

/** The conditions of a list's filters on the table of records. */
export function filterConditions(filter: RecordFilter): Condition[] {
  const conditions: Condition[] = []
  if (filter.patientId !== undefined) conditions.push(sql`patient_id = ${uuidOf(filter.patientId)}`)
  if (filter.from !== undefined) conditions.push(sql`date >= ${filter.from}::date`)
  if (filter.to !== undefined) conditions.push(sql`date <= ${filter.to}::date`)
  if (filter.kind !== undefined) conditions.push(sql`kind = ${filter.kind}`)
  if (filter.code !== undefined) conditions.push(sql`code = ${filter.code}`)
  if (filter.q !== undefined) conditions.push(wordsCondition(filter.q))
  return conditions
}

/** The same characters that become spaces in the column `words` (migration 0007): all punctuation of ASCII. */
const punctuation = /[!-/:-@[-`{-~]+/

/**
 * Every word begins a word of the record. What is left of a text by `punctuation` needs no quoting in a query; the
 * parser of PostgreSQL takes it apart as it did the record's text. Parts of one word it wants to stand side by
 * side, which `words` does not know: they all have to be there.
 */
function wordsCondition(q: string): Condition {
  const parts = wordsOf(q).flatMap((word) => word.split(punctuation).filter((part) => part !== ''))
  if (parts.length === 0) return sql`false`
  const query = parts.map((part) => `'${part}':*`).join(' & ')
  return sql`words @@ regexp_replace(to_tsquery('simple', ${query})::text, '<(-|\\d+)>', '&', 'g')::tsquery`
}
