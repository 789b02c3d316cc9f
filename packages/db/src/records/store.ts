import { uuidOf, type PatientId, type RecordId } from '@casebook/api'
import type { MedicalRecord } from '@casebook/api/records'
import { sql, type Expression, type RawBuilder, type SqlBool } from 'kysely'
import { auditInsert, type NewAuditEntry } from '../audit/store.ts'
import { isAfter, isAfterUnseen } from '../keyset.ts'
import { executeNamed, hasOnly, isUsualPage } from '../named.ts'
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
    // A keyset says the last day besides; with both, PostgreSQL may enter the index at the last day, and read on from it.
    const isBounded = after === undefined || filter.to === undefined || after[0] > filter.to
    const conditions = listConditions({ ...filter, to: isBounded ? filter.to : undefined })
    const { sieve, isUncertain } = conditions
    const bounds: Expression<SqlBool>[] = [scopeCondition(scope), ...conditions.bounds]
    const isHot = entry !== undefined && isUsualPage(limit) && hasOnly(filter, hotFilters)
    if (after !== undefined)
      bounds.push(
        isHot ? isAfterUnseen(keys, after, { direction: 'desc', types }) : isAfter(keys, after, 'desc'),
      )
    const sifted = { table: sql`record`, alias: sql`record`, bounds, sieve, keys, direction: 'desc' } as const
    const source =
      isUncertain && scope.kind === 'all'
        ? await siftList(db, sifted, limit)
        : { from: sql`record`, where: all([...bounds, ...sieve]) }
    const alongside =
      entry && auditInsert(entry, { count: sql`(select least(count(*), ${sql.lit(limit)}) from run)` })
    const order = { keys, direction: 'desc', keysetOf } as const
    return { ...source, ...order, isHot, alongside }
  }

  return {
    /** Reads a page of records, latest day first, and writes the audit entry of it in the same statement. */
    async list(listing: RecordListing, entry: NewAuditEntry): Promise<Run<RecordKeyset>> {
      return readRun(db, await listingOf(listing, entry), listing.limit)
    },

    /** Reads a whole list in runs of text; its audit entry is written beforehand. */
    runs: (filter: RecordFilter, separator: ',' | '\n') =>
      readRuns<RecordKeyset>(db, (after, limit) => listingOf({ filter, after, limit }), separator),

    /** Gives the document of a record, and writes the audit entry of having seen it, or not, in the same statement. */
    async get(id: RecordId, entry: NewAuditEntry): Promise<string | null> {
      const audit = auditInsert(entry, {
        outcome: sql`case when exists (select from found) then 'allowed' else 'failed' end`,
        patient: sql`(select patient_id from found)`,
      })
      const rows = await executeNamed(
        db,
        sql<{ document: string }>`
          with found as (select document, patient_id from record where id = ${uuidOf(id)} and ${scopeCondition(scope)}),
            entry as (${audit})
          select document from found`,
      )
      return rows[0]?.document ?? null
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

const keys = [sql`date`, sql`id`]
const types = ['date', 'uuid']

function keysetOf(document: string): RecordKeyset {
  const record = JSON.parse(document) as MedicalRecord
  return [record.date, uuidOf(record.id)]
}

/** Without any other filter there is one plan for all values. */
const hotFilters = new Set(['patientId', 'from', 'to'])

/** The condition of a scope on a table with a column `patient_id`. */
function scopeCondition(scope: RecordScope): RawBuilder<SqlBool> {
  return scope.kind === 'all' ? sql<SqlBool>`true` : sql<SqlBool>`patient_id = ${uuidOf(scope.patientId)}`
}
