import { uuidOf, type PatientId, type RecordId } from '@casebook/api'
import type { MedicalRecord } from '@casebook/api/records'
import { sql, type Expression, type RawBuilder, type SqlBool } from 'kysely'
import { auditInsert, type NewAuditEntry } from '../audit/store.ts'
import { isAfter } from '../keyset.ts'
import { readRun, readRuns, type Listing, type Run } from '../run.ts'
import type { Executor } from '../schema.ts'
import { all, siftList } from '../sift.ts'
import { listConditions } from './conditions.ts'
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
export type RecordListing = {
  readonly limit: number
  readonly filter: RecordFilter
  readonly after?: RecordKeyset | undefined
}

/** Records within a scope, as their documents; there is no query without a scope, and none without an audit entry. */
export function createRecordStore(db: Executor, scope: RecordScope) {
  const listingOf = async (
    { filter, after, limit }: RecordListing,
    entry?: NewAuditEntry,
  ): Promise<Listing<RecordKeyset>> => {
    const conditions = listConditions({ ...filter, to: lastDayOf({ filter, after }) })
    const { sieve, isUncertain } = conditions
    const bounds: Expression<SqlBool>[] = [scopeCondition(scope), ...conditions.bounds]
    if (after !== undefined) bounds.push(isAfter(keys, after, 'desc'))
    const sifted = { table: sql`record`, alias: sql`record`, bounds, sieve, keys, direction: 'desc' } as const
    const source =
      isUncertain && scope.kind === 'all'
        ? await siftList(db, sifted, limit)
        : { from: sql`record`, where: all([...bounds, ...sieve]) }
    const alongside =
      entry && auditInsert(entry, { count: sql`(select least(count(*), ${sql.lit(limit)}) from run)` })
    const order = { keys, direction: 'desc', keysetOf } as const
    return { ...source, ...order, isHot: false, alongside }
  }

  return {
    /**
     * Reads a page of records, latest day first, and writes the audit entry of it in the same statement: a page that is
     * read alone, see `createRecordReads`.
     */
    async list(listing: RecordListing, entry: NewAuditEntry): Promise<Run<RecordKeyset>> {
      return readRun(db, await listingOf(listing, entry), listing.limit)
    },

    /** Reads a whole list in runs of text; its audit entry is written beforehand. */
    runs: (filter: RecordFilter, separator: ',' | '\n') =>
      readRuns<RecordKeyset>(db, (after, limit) => listingOf({ filter, after, limit }), separator),

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

const keys = [sql`date`, sql`id`]

/** Gives the sort key of a document. */
export function keysetOf(document: string): RecordKeyset {
  const record = JSON.parse(document) as MedicalRecord
  return [record.date, uuidOf(record.id)]
}

/**
 * Gives the last day to look at. A keyset says it besides; with both, PostgreSQL may enter the index at the day, and
 * read on from it.
 */
export function lastDayOf({ filter, after }: Pick<RecordListing, 'filter' | 'after'>): string | undefined {
  return after === undefined || filter.to === undefined || after[0] > filter.to ? filter.to : undefined
}

/** The condition of a scope on a table with a column `patient_id`. */
function scopeCondition(scope: RecordScope): RawBuilder<SqlBool> {
  return scope.kind === 'all' ? sql<SqlBool>`true` : sql<SqlBool>`patient_id = ${uuidOf(scope.patientId)}`
}
