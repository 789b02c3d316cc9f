import { uuidOf, type PatientId, type RecordId } from '@casebook/api'
import type { MedicalRecord } from '@casebook/api/records'
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import { isAfter } from '../keyset.ts'
import type { Executor } from '../schema.ts'
import { filterConditions } from './conditions.ts'
import { recordColumns, toRecord, type RecordRow } from './record-row.ts'

/** Whose records a caller may see: everybody's, or one patient's. */
export type RecordScope =
  | { readonly kind: 'all' }
  | { readonly kind: 'patient'; readonly patientId: PatientId }

export type RecordKeyset = readonly [date: string, id: string]
export type RecordFilter = {
  readonly patientId?: PatientId | undefined
  readonly kind?: string | undefined
  readonly code?: string | undefined
  readonly q?: string | undefined
  /** First and last day, both included. */
  readonly from?: string | undefined
  readonly to?: string | undefined
}
export type RecordListing = RecordFilter & {
  readonly limit: number
  readonly after?: RecordKeyset | undefined
}

/** Records within a scope; there is no query without one. */
export function createRecordStore(db: Executor, scope: RecordScope) {
  return {
    /** Lists records, latest day first. */
    async list(listing: RecordListing): Promise<MedicalRecord[]> {
      const conditions = [scopeCondition(scope), ...filterConditions(listing)]
      if (listing.after !== undefined) conditions.push(isAfter([sql`date`, sql`id`], listing.after, 'desc'))
      const { rows } = await sql<RecordRow>`
        select id, ${recordColumns} from record where ${sql.join(conditions, sql` and `)}
        order by date desc, id desc limit ${listing.limit}`.execute(db)
      return rows.map(toRecord)
    },

    async get(id: RecordId): Promise<MedicalRecord | null> {
      const { rows } = await sql<RecordRow>`
        select id, ${recordColumns} from record where id = ${uuidOf(id)} and ${scopeCondition(scope)}`.execute(
        db,
      )
      return rows[0] === undefined ? null : toRecord(rows[0])
    },

    /** Lists the versions of a record, the first one first; none when the scope does not show it. */
    async history(
      id: RecordId,
      page: { limit: number; after?: number | undefined },
    ): Promise<MedicalRecord[]> {
      const { rows } = await sql<RecordRow>`
        select * from (
          select record_id as id, ${recordColumns} from record_version where record_id = ${uuidOf(id)}
          union all
          select id, ${recordColumns} from record where id = ${uuidOf(id)}
        ) as versions
        where ${scopeCondition(scope)} and version > ${page.after ?? 0}
        order by version limit ${page.limit}`.execute(db)
      return rows.map(toRecord)
    },
  }
}

/** Gives the sort key of a record in a list. */
export function recordKeyset(record: MedicalRecord): RecordKeyset {
  return [record.date, uuidOf(record.id)]
}

/** The condition of a scope on a table with a column `patient_id`. */
function scopeCondition(scope: RecordScope): RawBuilder<SqlBool> {
  return scope.kind === 'all' ? sql<SqlBool>`true` : sql<SqlBool>`patient_id = ${uuidOf(scope.patientId)}`
}
