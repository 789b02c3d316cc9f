import { sql, type RawBuilder } from 'kysely'
import { executeNamed } from './named.ts'
import type { Executor } from './schema.ts'

/** Some objects of a list, one after the other, as the JSON texts that are stored of them. */
export type Run<K extends readonly string[]> = {
  /** The texts with the separator between them; empty for none. */
  readonly text: string
  readonly count: number
  /** Sort key of the last object; null when there are none. */
  readonly last: K | null
  readonly hasMore: boolean
}

export type RunRequest = {
  readonly limit: number
  readonly separator?: ',' | '\n'
}

/** A list of objects whose documents stand in a table. */
export type Listing<K extends readonly string[]> = {
  /** A table with a column `document`. */
  readonly from: RawBuilder<unknown>
  readonly where: RawBuilder<unknown>
  /** What the order compares, the id last. */
  readonly keys: readonly RawBuilder<unknown>[]
  readonly direction: 'asc' | 'desc'
  /** Gives the values of `keys` for an object; that of the last document of a run says where the next one begins. */
  readonly keysetOf: (document: string) => K
  /** The statement has few forms and is used often: see `executeNamed`. */
  readonly isHot: boolean
  /** A statement that is done together with the read, in its place among the others; it may refer to `run`. */
  readonly alongside?: RawBuilder<unknown> | undefined
}

/** Reads a run of a list. One object more is looked at, to know whether there are more. */
export async function readRun<K extends readonly string[]>(
  db: Executor,
  { from, where, keys, direction, keysetOf, isHot, alongside }: Listing<K>,
  { limit, separator = ',' }: RunRequest,
): Promise<Run<K>> {
  const order = sql.join(keys.map((key) => sql`${key} ${sql.raw(direction)}`))
  // The limit stands in the text, so that a plan made once for all values knows that it is small.
  const run = sql<{ document: string }>`
    select document from ${from} where ${where} order by ${order} limit ${sql.lit(limit + 1)}`
  const query =
    alongside === undefined
      ? run
      : sql<{ document: string }>`with run as (${run}), entry as (${alongside}) select document from run`
  const rows = isHot ? await executeNamed(db, query) : (await query.execute(db)).rows
  const hasMore = rows.length > limit
  if (hasMore) rows.pop()
  const last = rows.at(-1)
  return {
    text: joinDocuments(rows, separator),
    count: rows.length,
    last: last === undefined ? null : keysetOf(last.document),
    hasMore,
  }
}

/** Adds up texts, which V8 copies once at the end; `join` would copy each of them first. */
function joinDocuments(rows: readonly { document: string }[], separator: string): string {
  let text = ''
  for (const { document } of rows) text += text === '' ? document : separator + document
  return text
}

const firstRun = 100
const mostOfRun = 1000
/** What a run of a whole list should have, in UTF-16 units: enough to be worth a statement, little enough to be held. */
const runLength = 128 * 1024

/** Reads a whole list run by run, each after the last object of the one before, and as many as these were long. */
export async function* readRuns<K extends readonly string[]>(
  fetch: (after: K | undefined, request: RunRequest) => Promise<Run<K>>,
  separator: ',' | '\n',
): AsyncGenerator<string, void, undefined> {
  let after: K | undefined
  let limit = firstRun
  for (;;) {
    const run = await fetch(after, { limit, separator })
    if (run.count > 0) yield run.text
    if (!run.hasMore || run.last === null) return
    after = run.last
    limit = Math.min(mostOfRun, Math.max(1, Math.floor((runLength * run.count) / run.text.length)))
  }
}
