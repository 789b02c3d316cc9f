import { sql, type Expression, type RawBuilder, type SqlBool } from 'kysely'
import type { Executor } from './schema.ts'

/** A list whose conditions are of two kinds. */
export type SiftedListing = {
  /** The table, and the name under which the conditions know it. */
  readonly table: RawBuilder<unknown>
  readonly alias: RawBuilder<unknown>
  /** Conditions with which an index is entered that has the order of the list. */
  readonly bounds: readonly Expression<SqlBool>[]
  /** Conditions that are looked at row by row there, or else asked of other indexes. */
  readonly sieve: readonly Expression<SqlBool>[]
  /** What the order compares. */
  readonly keys: readonly RawBuilder<unknown>[]
  readonly direction: 'asc' | 'desc'
}
/** Where a list is read, and what of it. */
export type Source = { readonly from: RawBuilder<unknown>; readonly where: RawBuilder<unknown> }

/** Rows that are looked at before a list is taken to be rare in its order: a few milliseconds' worth. */
const walked = 4000

/**
 * Chooses how a list is read that several conditions sift. The planner multiplies how common each of them is, and
 * is wrong by far where they go together, or never do: «handbook» and «traité» are both common, and looking for a
 * page of both in the order of the list means to look at every book. So a walk is tried, and what it doesn't find
 * within a few thousand rows is asked of the other indexes, and sorted.
 */
export async function siftList(
  db: Executor,
  { table, alias, bounds, sieve, keys, direction }: SiftedListing,
  limit: number,
): Promise<Source> {
  const order = sql.join(keys.map((key) => sql`${key} ${sql.raw(direction)}`))
  const rows = sql.lit(Math.max(walked, 2 * limit))
  const near = sql`(select * from ${table} where ${all(bounds)} order by ${order} limit ${rows}) as ${alias}`
  const { rows: found } = await sql<{ count: number }>`
    select count(*) as count from (select from ${near} where ${all(sieve)} limit ${sql.lit(limit + 1)}) as found`.execute(
    db,
  )
  if ((found[0]?.count ?? 0) > limit) return { from: near, where: all(sieve) }
  // `offset 0` keeps the planner from walking after all.
  const others = sql`(select * from ${table} where ${all([...bounds, ...sieve])} offset 0) as ${alias}`
  return { from: others, where: sql`true` }
}

/** Joins conditions that have to be met together. */
export function all(conditions: readonly Expression<SqlBool>[]): RawBuilder<SqlBool> {
  return conditions.length === 0 ? sql`true` : sql`${sql.join(conditions, sql` and `)}`
}
