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
  /** Bytes of text after which the run ends early; it has at least one object. */
  readonly maxBytes?: number
  readonly separator?: ',' | '\n'
  /** The statement has few forms and is used often: see `executeNamed`. */
  readonly isHot?: boolean
  /** A statement that is done together with the read; it may refer to `run`. */
  readonly alongside?: RawBuilder<unknown>
}

/** What a list reads of each object: its text and its sort key, in the order of the list, from a table and on conditions. */
export type Listing = {
  /** A table with a column `document`. */
  readonly from: RawBuilder<unknown>
  readonly where: RawBuilder<unknown>
  readonly keys: readonly RawBuilder<unknown>[]
  readonly direction: 'asc' | 'desc'
}

type RunRow = { text: string | null; count: number; seen: number; [key: `k${number}`]: string | null }

const noBound = 2 ** 40

/**
 * Reads a run of a list as one text, put together by the database: one value to receive instead of a row for
 * each object. One object more is looked at, to know whether there are more.
 */
export async function readRun<K extends readonly string[]>(
  db: Executor,
  { from, where, keys, direction }: Listing,
  { limit, maxBytes = noBound, separator = ',', isHot = false, alongside }: RunRequest,
): Promise<Run<K>> {
  const order = sql.join(keys.map((key) => sql`${key} ${sql.raw(direction)}`))
  const columns = keys.map((key, index) => sql`${key} as ${sql.raw(`k${index}`)}`)
  const lasts = keys.map((_, index) => {
    const column = sql.raw(`k${index}`)
    return sql`max(${column}::text) filter (where is_in and (bytes_next is null or place = ${sql.lit(limit)} or bytes_next > ${maxBytes})) as ${column}`
  })
  // The limit stands in the text, so that a plan made once for all values knows that it is small.
  const run = sql<RunRow>`
    select string_agg(document, ${separator}) filter (where is_in) as text,
      count(*) filter (where is_in) as count, count(*) as seen, ${sql.join(lasts)}
    from (
      select *, place <= ${sql.lit(limit)} and (place = 1 or bytes <= ${maxBytes}) as is_in, lead(bytes) over () as bytes_next
      from (
        select document, ${sql.join(keys.map((_, index) => sql.raw(`k${index}`)))}, row_number() over () as place,
          sum(octet_length(document)) over (rows unbounded preceding) as bytes
        from (
          select document, ${sql.join(columns)} from ${from} where ${where} order by ${order} limit ${sql.lit(limit + 1)}
        ) as listed
      ) as measured
    ) as cut`
  const query =
    alongside === undefined
      ? run
      : sql<RunRow>`with run as (${run}), entry as (${alongside}) select * from run`
  const rows = isHot ? await executeNamed(db, query) : (await query.execute(db)).rows
  const row = rows[0]
  const count = row?.count ?? 0
  return {
    text: row?.text ?? '',
    count,
    last:
      row === undefined || count === 0
        ? null
        : (keys.map((_, index) => row[`k${index}`]) as readonly unknown[] as K),
    hasMore: row !== undefined && row.seen > count,
  }
}

const runLimit = 2000
const runBytes = 256 * 1024

/** Reads a whole list run by run, each after the last object of the one before. */
export async function* readRuns<K extends readonly string[]>(
  fetch: (after: K | undefined, request: RunRequest) => Promise<Run<K>>,
  separator: ',' | '\n',
): AsyncGenerator<string, void, undefined> {
  let after: K | undefined
  for (;;) {
    const run = await fetch(after, { limit: runLimit, maxBytes: runBytes, separator })
    if (run.count > 0) yield run.text
    if (!run.hasMore || run.last === null) return
    after = run.last
  }
}
