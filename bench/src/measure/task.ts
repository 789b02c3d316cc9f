import type { Bench } from '../bench.ts'
import type { Line } from '../outcome.ts'
import { measureExpense } from './expense.ts'
import { median, medianOfKnown, medianRatio } from './statistics.ts'

/** What was done in one round of a work that is measured by its duration. */
export type Done = {
  readonly perSecond: number
  readonly serverMicros: number | null
  readonly databaseMicros: number | null
}

/** Does work once, and gives how much of it was done a second, and for what CPU; `pid` is the server's, if there is one. */
export async function measureTask(
  bench: Bench,
  pid: number | null,
  work: () => Promise<{ amount: number; seconds: number }>,
): Promise<Done> {
  const { result, expense } = await measureExpense(bench, pid, work)
  const each = (micros: number | null) => (micros === null ? null : micros / result.amount)
  return {
    perSecond: result.amount / result.seconds,
    serverMicros: each(expense.server),
    databaseMicros: each(expense.database),
  }
}

/** Makes the line of such a work; `baseline` are the rounds that it is held against. */
export function taskLine(
  { work, who, isOurs, unit, note }: Pick<Line, 'work' | 'who' | 'isOurs' | 'unit' | 'note'>,
  rounds: readonly Done[],
  baseline: readonly Done[],
): Line {
  return {
    work,
    who,
    isOurs,
    unit,
    amount: median(speedsOf(rounds)),
    serverMicros: medianOfKnown(rounds.map(({ serverMicros }) => serverMicros)),
    databaseMicros: medianOfKnown(rounds.map(({ databaseMicros }) => databaseMicros)),
    ratio: ratioOfTasks(rounds, baseline),
    ...(note === undefined ? {} : { note }),
  }
}

/** Gives the ratio of speeds, round by round. */
export function ratioOfTasks(rounds: readonly Done[], baseline: readonly Done[]): number {
  return medianRatio(speedsOf(rounds), speedsOf(baseline))
}

function speedsOf(rounds: readonly Done[]): number[] {
  return rounds.map(({ perSecond }) => perSecond)
}
