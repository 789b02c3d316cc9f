import type { Bench } from '../bench.ts'
import type { Line } from '../outcome.ts'
import { cpuMicros } from './processes.ts'
import { median, medianRatio } from './statistics.ts'

/** What was done in one round of a work that is measured by its duration. */
export type Done = {
  readonly perSecond: number
  readonly serverMicros: number | null
  readonly databaseMicros: number | null
}

/** Does work once, and gives how much of it was done a second, and for what CPU; `pid` is the server's, if there is one. */
export async function measureTask(
  { cluster }: Bench,
  pid: number | null,
  work: () => Promise<{ amount: number; seconds: number }>,
): Promise<Done> {
  const cpu = () => ({ server: pid === null ? null : cpuMicros(pid), database: cluster.cpuMicros() })
  const before = cpu()
  const { amount, seconds } = await work()
  const after = cpu()
  const each = (end: number | null, start: number | null) =>
    end === null || start === null ? null : (end - start) / amount
  return {
    perSecond: amount / seconds,
    serverMicros: each(after.server, before.server),
    databaseMicros: each(after.database, before.database),
  }
}

/** Makes the line of such a work; `baseline` are the rounds that it is held against. */
export function taskLine(
  { work, who, isOurs, unit, note }: Pick<Line, 'work' | 'who' | 'isOurs' | 'unit' | 'note'>,
  rounds: readonly Done[],
  baseline: readonly Done[],
): Line {
  const known = (values: readonly (number | null)[]) => {
    const numbers = values.flatMap((value) => value ?? [])
    return numbers.length === 0 ? null : median(numbers)
  }
  return {
    work,
    who,
    isOurs,
    unit,
    amount: median(speedsOf(rounds)),
    serverMicros: known(rounds.map(({ serverMicros }) => serverMicros)),
    databaseMicros: known(rounds.map(({ databaseMicros }) => databaseMicros)),
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
