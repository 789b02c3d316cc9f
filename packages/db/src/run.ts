import { sql, type RawBuilder } from 'kysely'
import { executeNamed, executeRead } from './named.ts'
import type { Executor } from './schema.ts'

/** Some objects of a list, as the JSON texts that are stored of them. */
export type Run<K extends readonly string[]> = {
  readonly documents: readonly string[]
  /** Sort key of the last object; null when there are none. */
  readonly last: K | null
  readonly hasMore: boolean
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

async function executeOnce<R>(db: Executor, query: RawBuilder<R>): Promise<R[]> {
  return (await query.execute(db)).rows
}

/** Reads a page of a list. One object more is looked at, to know whether there are more. */
export async function readRun<K extends readonly string[]>(
  db: Executor,
  listing: Listing<K>,
  limit: number,
): Promise<Run<K>> {
  const { keysetOf, isHot, alongside } = listing
  const run = selectDocuments(listing, limit + 1)
  const query =
    alongside === undefined
      ? run
      : sql<{ document: string }>`with run as (${run}), entry as (${alongside}) select document from run`
  const execute = !isHot ? executeOnce : alongside === undefined ? executeRead : executeNamed
  const rows = await execute(db, query)
  const hasMore = rows.length > limit
  if (hasMore) rows.pop()
  const last = rows.at(-1)
  return {
    documents: rows.map(({ document }) => document),
    last: last === undefined ? null : keysetOf(last.document),
    hasMore,
  }
}

const firstRun = 100
const mostOfRun = 4000
/**
 * What a run of a whole list should have, in UTF-16 units. Large ones make the server smaller: V8 counts what
 * they hold, and collects it in time. With a million records 1 MB peaks at 90 MB above idle, 128 kB at 174.
 */
const runLength = 1024 * 1024

/** Between two objects there is a line break, too: documents have none, and so the last one is found by it. */
const separators = { ',': ',\n', '\n': '\n' } as const

/**
 * Reads a whole list run by run, each after the last object of the one before, and as many as these were long. The
 * database puts the texts together, so that a run is one value here: a value for each object is garbage that V8
 * does not hurry to collect, 140 MB of it with a million records.
 */
export async function* readRuns<K extends readonly string[]>(
  db: Executor,
  listingAfter: (after: K | undefined, limit: number) => Promise<Listing<K>>,
  separator: ',' | '\n',
): AsyncGenerator<string, void, undefined> {
  let after: K | undefined
  let limit = firstRun
  for (;;) {
    const listing = await listingAfter(after, limit)
    const { rows } = await sql<{ text: string | null; count: number }>`
      select string_agg(document, ${separators[separator]}) as text, count(*) as count
      from (${selectDocuments(listing, limit)}) as run`.execute(db)
    const { text = null, count = 0 } = rows[0] ?? {}
    if (text === null) return
    yield text
    if (count < limit) return
    after = listing.keysetOf(text.slice(text.lastIndexOf('\n') + 1))
    limit = Math.min(mostOfRun, Math.max(1, Math.floor((runLength * count) / text.length)))
  }
}

function selectDocuments(
  { from, where, keys, direction }: Listing<readonly string[]>,
  limit: number,
): RawBuilder<{ document: string }> {
  const order = sql.join(keys.map((key) => sql`${key} ${sql.raw(direction)}`))
  // The limit stands in the text, so that a plan made once for all values knows that it is small.
  return sql`select document from ${from} where ${where} order by ${order} limit ${sql.lit(limit)}`
}
