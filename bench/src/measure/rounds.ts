import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench } from '../bench.ts'
import type { Line } from '../outcome.ts'
import type { Server } from '../setup/server.ts'
import { cpuMicros } from './processes.ts'
import { median, medianRatio } from './statistics.ts'
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
  readonly serverMicros: number
  readonly databaseMicros: number | null
  readonly p99Ms: number
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
  { options, cluster }: Bench,
  { server, headers = {} }: Load,
  { file, place }: { file: string; place: number },
): Promise<Round> {
  const { connections, seconds } = options
  const before = { server: cpuMicros(server.pid), database: cluster.cpuMicros() }
  const done = await runWrk({ url: server.url, file, place, headers, connections, seconds })
  const after = { server: cpuMicros(server.pid), database: cluster.cpuMicros() }
  return {
    perSecond: done.requests / done.seconds,
    serverMicros: (after.server - before.server) / done.requests,
    databaseMicros:
      after.database === null || before.database === null
        ? null
        : (after.database - before.database) / done.requests,
    p99Ms: done.p99Ms,
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
    const database = own.flatMap(({ databaseMicros }) => databaseMicros ?? [])
    return {
      work,
      who,
      isOurs: who.startsWith('Casebook'),
      amount: median(own.map(({ perSecond }) => perSecond)),
      unit: 'requests/s',
      serverMicros: median(own.map(({ serverMicros }) => serverMicros)),
      databaseMicros: database.length === 0 ? null : median(database),
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
