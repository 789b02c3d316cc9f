import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench } from '../bench.ts'
import type { Line } from '../outcome.ts'
import type { Server } from '../setup/server.ts'
import { measureExpense } from './expense.ts'
import { median, medianOfKnown, medianRatio } from './statistics.ts'
import { runWrk, writeRequests, type Request } from './wrk.ts'

/** What one contender is asked. */
export type Load = {
  readonly who: string
  readonly server: Server
  /** Sent in this order, again from the beginning at the end. */
  readonly requests: readonly Request[]
  readonly headers?: Readonly<Record<string, string>>
  readonly note?: string
}

/** What one contender did in one round. */
export type Round = {
  readonly perSecond: number
  readonly serverMicros: number | null
  readonly databaseMicros: number | null
}

export type Rounds = ReadonlyMap<string, readonly Round[]>

/** Loads each contender in turn, then all again: what disturbs the machine disturbs all alike. */
export async function measureRounds(bench: Bench, loads: readonly Load[]): Promise<Rounds> {
  const files = loads.map((load, index) => {
    const file = join(bench.folder, `requests-${index}`)
    writeRequests(file, load.requests)
    return file
  })
  const rounds = new Map<string, Round[]>(loads.map(({ who }) => [who, []]))
  // The round before the first warms up code, connections and the database's buffers, and does not count.
  for (let round = -1; round < bench.options.rounds; round += 1) {
    for (const [index, load] of loads.entries()) {
      const place = Math.floor((load.requests.length * Math.max(0, round)) / bench.options.rounds)
      const measured = await measureOnce(bench, load, { file: files[index] ?? '', place })
      if (round >= 0) rounds.get(load.who)?.push(measured)
    }
  }
  for (const file of files) rmSync(file)
  return rounds
}

async function measureOnce(
  bench: Bench,
  { server, headers = {} }: Load,
  { file, place }: { file: string; place: number },
): Promise<Round> {
  const { connections, seconds } = bench.options
  const { result, expense } = await measureExpense(bench, server.pid, () =>
    runWrk({ url: server.url, file, place, headers, connections, seconds }),
  )
  const each = (micros: number | null) => (micros === null ? null : micros / result.requests)
  return {
    perSecond: result.requests / result.seconds,
    serverMicros: each(expense.server),
    databaseMicros: each(expense.database),
  }
}

/** Makes the lines of a piece of work, with the ratio of each contender to the baseline. */
export function linesOf(
  work: string,
  loads: readonly Load[],
  { rounds, baseline }: { rounds: Rounds; baseline: string },
): Line[] {
  return loads.map(({ who, note }) => {
    const own = rounds.get(who) ?? []
    return {
      work,
      who,
      isOurs: who.startsWith('Casebook'),
      amount: median(own.map(({ perSecond }) => perSecond)),
      unit: 'requests/s',
      serverMicros: medianOfKnown(own.map(({ serverMicros }) => serverMicros)),
      databaseMicros: medianOfKnown(own.map(({ databaseMicros }) => databaseMicros)),
      ratio: ratioOf(rounds, who, baseline),
      ...(note === undefined ? {} : { note }),
    }
  })
}

/** Gives the ratio of requests a second of one contender to another. */
export function ratioOf(rounds: Rounds, who: string, baseline: string): number {
  const speeds = (name: string) => (rounds.get(name) ?? []).map(({ perSecond }) => perSecond)
  return medianRatio(speeds(who), speeds(baseline))
}
