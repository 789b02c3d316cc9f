import { CompiledQuery, sql, type Expression, type RawBuilder, type SqlBool } from 'kysely'
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

const leastWalked = 1000

/**
 * Chooses how a list is read that conditions sift of which the planner knows how common each of them is, and not
 * where. It multiplies, and is wrong by far where they go together or never do: «handbook» and «traité» are both
 * common, and looking for a page of both in the order of the list means to look at every book. Nor does it see
 * that all whose name is Smith stand at one place of a list by name. So where none is rare, a walk is tried, and
 * what it doesn't find in time is asked of the other indexes, and sorted.
 */
export async function siftList(db: Executor, listing: SiftedListing, limit: number): Promise<Source> {
  const { table, alias, bounds, sieve, keys, direction } = listing
  // Of so many rows in the whole, a page lies within as many in the order of the list, if it lies there evenly.
  const few = Math.max(leastWalked, Math.ceil(Math.sqrt(limit * (await estimate(db, table)))))
  // `offset 0` keeps the planner from walking after all.
  const others = sql`(select * from ${table} where ${all([...bounds, ...sieve])} offset 0) as ${alias}`
  for (const condition of sieve) {
    const rows = await estimate(db, sql`${table} where ${condition}`)
    if (rows <= few) return { from: others, where: sql`true` }
  }
  const order = sql.join(keys.map((key) => sql`${key} ${sql.raw(direction)}`))
  const near = sql`(select * from ${table} where ${all(bounds)} order by ${order} limit ${sql.lit(2 * few)}) as ${alias}`
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from (select from ${near} where ${all(sieve)} limit ${sql.lit(limit + 1)}) as found`.execute(
    db,
  )
  const isFull = (rows[0]?.count ?? 0) > limit
  return isFull ? { from: near, where: all(sieve) } : { from: others, where: sql`true` }
}

/** Joins conditions that have to be met together. */
export function all(conditions: readonly Expression<SqlBool>[]): RawBuilder<SqlBool> {
  return conditions.length === 0 ? sql`true` : sql`${sql.join(conditions, sql` and `)}`
}

/** Gives how many rows the planner expects of a table, on one condition at most: there its statistics are good. */
async function estimate(db: Executor, from: RawBuilder<unknown>): Promise<number> {
  const { sql: text, parameters } = sql`explain (format json) select from ${from}`.compile(db)
  const { rows } = await db.executeQuery(CompiledQuery.raw(text, [...parameters]))
  const [row] = rows as { 'QUERY PLAN': readonly [{ Plan: { 'Plan Rows': number } }] }[]
  return row?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0
}
