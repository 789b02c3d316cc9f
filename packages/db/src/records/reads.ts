import { uuidOf, type RecordId } from '@casebook/api'
import { sql, type Expression, type RawBuilder, type SqlBool } from 'kysely'
import {
  entryColumns,
  entryFields,
  insertEntries,
  type FoundOut,
  type NewAuditEntry,
} from '../audit/store.ts'
import { executeNamed, hasOnly, isUsualPage } from '../named.ts'
import { cutRun, type Run } from '../run.ts'
import type { Executor } from '../schema.ts'
import { all } from '../sift.ts'
import {
  createRecordStore,
  keysetOf,
  lastDayOf,
  type RecordKeyset,
  type RecordListing,
  type RecordScope,
} from './store.ts'

/** A read of records for one caller: what they may see, and the audit entry of it. */
type Read = { readonly scope: RecordScope; readonly entry: NewAuditEntry }
export type PageRead = Read & { readonly listing: RecordListing }
export type OneRead = Read & { readonly id: RecordId }

/** Lists with these filters have one plan for all values. */
const usualFilters = new Set(['patientId', 'from', 'to'])

/**
 * Gives the form of a page: those of one form differ in values alone, and one statement reads them together. Null
 * for a page that is read by a statement of its own, since its plan depends on the values.
 */
export function formOfPage({ scope, listing }: PageRead): string | null {
  const { filter, limit, after } = listing
  if (!isUsualPage(limit) || !hasOnly(filter, usualFilters)) return null
  const given = [filter.patientId, filter.from, lastDayOf(listing), after]
  return [limit, scope.kind, ...given.map((value) => value !== undefined)].join(' ')
}

/**
 * Reads of records for several callers at once, each within their own scope. One statement reads all of them and
 * writes the audit entry of each: when it answers, they are committed, and when one can't be written, none is read.
 */
export function createRecordReads(db: Executor) {
  return {
    /** Reads pages of one form, or a single one of any; latest day first. */
    async pages(reads: readonly PageRead[]): Promise<Run<RecordKeyset>[]> {
      const [first] = reads
      if (first === undefined) return []
      const { scope, listing, entry } = first
      const form = formOfPage(first)
      if (form === null && reads.length === 1)
        return [await createRecordStore(db, scope).list(listing, entry)]
      if (form === null || reads.some((read) => formOfPage(read) !== form))
        throw new Error('pages of several forms are not read together')
      const { limit } = listing
      const rows = (columns: RawBuilder<unknown>) => sql`
        select ${columns} from record where ${all(pageConditions(first))}
        order by date desc, id desc limit ${sql.lit(limit + 1)}`
      const answers = await readTogether(db, {
        calls: reads.map(pageCall),
        answer: sql`
          select string_agg(document, ${sql.lit(',\n')}) as text, count(*) as rows from (${rows(sql`document`)}) as run`,
        facts: sql`select least(count(*), ${sql.lit(limit)}) as seen from (${rows(sql``)}) as run`,
        found: { count: sql`seen` },
      })
      return answers.map(({ text, rows: count }) =>
        cutRun({ text: text ?? '', count: count ?? 0 }, limit, keysetOf),
      )
    },

    /** Gives the documents of records; null for one that is not there, or not in the scope of who asks. */
    async ones(reads: readonly OneRead[]): Promise<(string | null)[]> {
      const row = (columns: RawBuilder<unknown>) => sql`
        select ${columns} from record where id = call.wanted and (call.sees_all or patient_id = call.only_patient) limit 1`
      const answers = await readTogether(db, {
        calls: reads.map((read) => ({ ...callOf(read), wanted: uuidOf(read.id) })),
        answer: row(sql`document as text, 1 as rows`),
        facts: row(sql`patient_id as owner`),
        found: {
          outcome: sql`case when owner is null then 'failed' else 'allowed' end`,
          // Whose record it is stands there, too, when somebody tried who may not see it.
          patient: sql`coalesce(owner, (select patient_id from record where id = wanted))`,
        },
      })
      return answers.map(({ text }) => text)
    },
  }
}

type Together = {
  /** Values of `callColumns`, and of the fields of an audit entry, for each call. */
  readonly calls: readonly object[]
  /** What is read for a row of `call`: one row at most, of a text and the number of its documents. */
  readonly answer: RawBuilder<unknown>
  /** What is found out for its entry, without the documents: to keep them until then would cost more than this does. */
  readonly facts: RawBuilder<unknown>
  /** What entries say of the facts. */
  readonly found: FoundOut
}
type Answer = { readonly place: number; readonly text: string | null; readonly rows: number | null }

const callColumns = sql.raw(
  `place integer, sees_all boolean, only_patient uuid, wanted uuid, of_patient uuid, from_day date, to_day date,
  after_day date, after_id uuid`,
)

/** Gives what was read for each call, in their order. A statement sees one state, however often it reads a record. */
async function readTogether(db: Executor, { calls, answer, facts, found }: Together): Promise<Answer[]> {
  const json = JSON.stringify(calls.map((call, place) => ({ ...call, place })))
  const rows = await executeNamed(
    db,
    // The text is told to be JSON by a cast of its own: the engines' drivers would each write JSON their own way.
    sql<Answer>`
      with call as materialized (
        select * from json_to_recordset(${json}::text::json) as call (${callColumns}, ${entryColumns})
      ), entry as (
        ${insertEntries(sql`call left join lateral (${facts}) as facts on true`, found)}
      ) select place, text, rows from call left join lateral (${answer}) as answer on true`,
  )
  if (rows.length !== calls.length) throw new Error('not every read was answered')
  return rows.toSorted((a, b) => a.place - b.place)
}

function callOf({ scope, entry }: Read): object {
  return {
    // A scope that is lacking sees nothing: of null, neither condition holds.
    sees_all: scope.kind === 'all',
    only_patient: scope.kind === 'patient' ? uuidOf(scope.patientId) : null,
    ...entryFields(entry),
  }
}

function pageCall(read: PageRead): object {
  const { filter, after } = read.listing
  return {
    ...callOf(read),
    of_patient: filter.patientId === undefined ? null : uuidOf(filter.patientId),
    from_day: filter.from,
    to_day: lastDayOf(read.listing),
    after_day: after?.[0],
    after_id: after?.[1],
  }
}

/** The conditions of all pages that have the form of this one. */
function pageConditions({ scope, listing }: PageRead): Expression<SqlBool>[] {
  const { filter, after } = listing
  const conditions: Expression<SqlBool>[] = []
  if (scope.kind === 'patient') conditions.push(sql`patient_id = call.only_patient`)
  if (filter.patientId !== undefined) conditions.push(sql`patient_id = call.of_patient`)
  if (filter.from !== undefined) conditions.push(sql`date >= call.from_day`)
  if (lastDayOf(listing) !== undefined) conditions.push(sql`date <= call.to_day`)
  if (after !== undefined) conditions.push(sql`(date, id) < (call.after_day, call.after_id)`)
  return conditions
}
