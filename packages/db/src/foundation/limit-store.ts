import { sql, type RawBuilder } from 'kysely'
import { executeNamed } from '../named.ts'
import type { Executor } from '../schema.ts'

/** One call that counts against a limit. `stepMicros` is the window divided by the quota, rounded down. */
export type Take = { readonly key: string; readonly stepMicros: number; readonly windowMicros: number }

/** Which of several takes was refused, and in how many seconds it would pass. */
export type Refusal = { readonly index: number; readonly waitSeconds: number }

/** What a query that begins with `takenTables` finds in `refusal`. */
export type RefusalRow = { refused: number | null; full_in: number | null }

/**
 * Limits, by the generic cell rate algorithm (ITU-T I.371): a key's row holds the instant at which its whole quota
 * will be there again. One statement decides and counts, under the row's lock and by the database's clock, so that any
 * number of processes let exactly the quota through.
 */
export function createLimitStore(db: Executor) {
  return {
    /** Takes one of each, in order, until one is refused; null when all passed. */
    async take(takes: readonly Take[]): Promise<Refusal | null> {
      const query = sql<RefusalRow>`with ${takenTables(takes)}
        select refused, full_in from (select 1) as one left join refusal on true`
      const [row] = await executeNamed(db, query)
      return row === undefined ? null : refusalOf(row, takes)
    },

    /** Forgets keys whose whole quota is there, as it is for those that never were. */
    async sweep(): Promise<void> {
      await sql`delete from rate_limit where full_at < now()`.execute(db)
    },
  }
}

/**
 * Writes the tables of a statement that takes; its last one, `refusal`, has a row when one was refused. A take
 * counts only after those before it passed, and none does when one is seen to be used up: a flood of refused calls
 * neither adds rows nor uses up what others share.
 */
export function takenTables(takes: readonly Take[]): RawBuilder<unknown> {
  if (takes.length === 0)
    return sql`refusal as (select null::int as refused, null::float8 as full_in where false)`
  const given = takes.map(
    ({ key, stepMicros, windowMicros }, index) =>
      sql`(${sql.lit(index)}, ${key}::text, ${micros(stepMicros)}, ${micros(windowMicros)})`,
  )
  const outcomes = takes.map(
    (_, index) => sql`select ${sql.lit(index)}, full_at from ${sql.raw(`taken_${index}`)} where not passed`,
  )
  return sql`used_up as (
      select a.place, l.full_at from (values ${sql.join(given)}) as a (place, key, step, span)
      join rate_limit as l on l.key = a.key where l.full_at + a.step > now() + a.span
    ), ${sql.join(takes.map(takenTable))}, refusal as (
      select place as refused, extract(epoch from full_at - now())::float8 as full_in from (
        select place, full_at from used_up union all ${sql.join(outcomes, sql` union all `)}
      ) as all_refused order by place limit 1
    )`
}

/** Writes the table of giving back what was taken, in the same order, so that no two statements wait for each other. */
export function returnedTable(takes: readonly Take[]): RawBuilder<unknown> {
  const given = takes.map(
    ({ key, stepMicros }, index) => sql`(${sql.lit(index)}, ${key}::text, ${micros(stepMicros)})`,
  )
  return sql`returned as (
      update rate_limit as l set full_at = l.full_at - held.step from (
        select a.key, a.step from (values ${sql.join(given)}) as a (place, key, step)
        join rate_limit as r on r.key = a.key order by a.place for update of r
      ) as held where l.key = held.key
    )`
}

/** Reads from a row what was refused. */
export function refusalOf({ refused, full_in: fullIn }: RefusalRow, takes: readonly Take[]): Refusal | null {
  const take = refused === null ? undefined : takes[refused]
  if (refused === null || fullIn === null || take === undefined) return null
  const waitSeconds = fullIn - (take.windowMicros - take.stepMicros) / 1e6
  return { index: refused, waitSeconds: Math.max(0, waitSeconds) }
}

function takenTable({ key, stepMicros, windowMicros }: Take, index: number): RawBuilder<unknown> {
  const next = sql`greatest(l.full_at, now()) + ${micros(stepMicros)}`
  const fits = sql`${next} <= now() + ${micros(windowMicros)}`
  const isDue =
    index === 0
      ? sql`not exists (select from used_up)`
      : sql`(select passed from ${sql.raw(`taken_${index - 1}`)})`
  return sql`${sql.raw(`taken_${index}`)} as (
      insert into rate_limit as l (key, full_at, passed)
      select ${key}::text, now() + ${micros(stepMicros)}, true where ${isDue}
      on conflict (key) do update set passed = ${fits}, full_at = case when ${fits} then ${next} else l.full_at end
      returning passed, full_at
    )`
}

function micros(amount: number): RawBuilder<unknown> {
  return sql`${amount}::float8 * interval '1 microsecond'`
}
