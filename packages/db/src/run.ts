import { sql, type RawBuilder } from 'kysely'
import pLimit from 'p-limit'
import { executeNamed, executeRead } from './named.ts'
import type { Executor } from './schema.ts'

/** Some objects of a list, as the JSON texts that are stored of them. */
export type Run<K extends readonly string[]> = {
  /** Texts of one object each, or of several with commas between them. */
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

/**
 * Makes a page of a text with `,\n` between its objects. The last one is cut off if there are more than `limit`: it
 * was looked at to know whether there are more.
 */
export function cutRun<K extends readonly string[]>(
  { text, count }: { text: string; count: number },
  limit: number,
  keysetOf: (document: string) => K,
): Run<K> {
  const hasMore = count > limit
  const page = hasMore ? text.slice(0, text.lastIndexOf(separators[','])) : text
  if (page === '') return { documents: [], last: null, hasMore }
  return { documents: [page], last: keysetOf(lastDocument(page)), hasMore }
}

const firstRun = 100
const mostOfRun = 4000
/**
 * What a run of a whole list should have, in bytes: its last object is the one that reaches it. Large ones make the
 * server smaller: V8 counts what they hold, and collects it in time. With a million records 1 MB peaks at 90 MB above
 * idle, 128 kB at 174.
 */
const runLength = 1024 * 1024

/** Between two objects there is a line break, too: documents have none, and so the last one is found by it. */
const separators = { ',': ',\n', '\n': '\n' } as const

/**
 * Whole lists take turns, so that they do not take the database from those who wait for a page: beside four lists a
 * page takes 4 ms where it took 23, and 47 ms at its 99th percentile where it took 107. A list alone is as fast as
 * before; four together get half of what they got.
 */
const inTurn = pLimit(1)

/**
 * Reads a whole list run by run, each after the last object of the one before. How many objects are looked at follows
 * from how long these were, and those that would make the run too long are left for the next one. The database puts the
 * texts together, so that a run is one value here: a value for each object is garbage that V8 does not hurry to
 * collect, 140 MB of it with a million records.
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
    const read = () => readLimited(db, selectDocuments(listing, limit), separator)
    // The first run is no more than a page, and the only one of a search that finds little and looks long for it.
    const { text, count, looked } = after === undefined ? await read() : await inTurn(read)
    if (text === null) return
    yield text
    if (looked < limit && count === looked) return
    after = listing.keysetOf(lastDocument(text))
    limit = Math.min(mostOfRun, Math.max(1, Math.floor((runLength * count) / text.length)))
  }
}

function lastDocument(text: string): string {
  return text.slice(text.lastIndexOf('\n') + 1)
}

type Limited = { readonly text: string | null; readonly count: number; readonly looked: number }

/** Joins the first of some documents, as many as a run should have. The length of a text is known without reading it. */
async function readLimited(
  db: Executor,
  documents: RawBuilder<{ document: string }>,
  separator: ',' | '\n',
): Promise<Limited> {
  const { rows } = await sql<Limited>`
    select
      string_agg(document, ${separators[separator]}) filter (where before < ${sql.lit(runLength)}) as text,
      count(*) filter (where before < ${sql.lit(runLength)}) as count,
      count(*) as looked
    from (
      select document,
        sum(octet_length(document)) over (rows unbounded preceding) - octet_length(document) as before
      from (${documents}) as run
    ) as measured`.execute(db)
  return rows[0] ?? { text: null, count: 0, looked: 0 }
}

function selectDocuments(
  { from, where, keys, direction }: Listing<readonly string[]>,
  limit: number,
): RawBuilder<{ document: string }> {
  const order = sql.join(keys.map((key) => sql`${key} ${sql.raw(direction)}`))
  // The limit stands in the text, so that a plan made once for all values knows that it is small.
  return sql`select document from ${from} where ${where} order by ${order} limit ${sql.lit(limit)}`
}
