import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Bench } from '../bench.ts'
import { timeCommand, type Run } from '../measure/command.ts'
import { median } from '../measure/statistics.ts'
import type { Line, Outcome } from '../outcome.ts'
import { startOurs } from '../setup/server.ts'

const cli = join(import.meta.dirname, '../../../apps/cli/src/main.js')
const times = 10
const page = 100

type Contender = {
  readonly who: string
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** A page of books at the command line, against curl of the same page. */
export async function measureCommand(bench: Bench): Promise<Outcome> {
  await using server = await startOurs(bench, (await bench.lookups()).url)
  const curl: Contender = {
    who: 'curl',
    command: 'curl',
    args: ['-s', `${server.url}/api/books?limit=${page}`],
  }
  const env = { HOME: bench.folder, CASEBOOK_URL: server.url, CASEBOOK_TOKEN: '' }
  const list = [cli, 'books', 'list', '--limit', String(page)]
  const asTable: Contender = { who: 'casebook books list', command: process.execPath, args: list, env }
  const asJson: Contender = { ...asTable, who: 'casebook books list --json', args: [...list, '--json'] }
  assertSame(curl, asJson)
  const contenders = [curl, asJson, asTable]
  bench.say(`Asking for a page ${times} times …`)
  const runs = contenders.map((): Run[] => [])
  for (let round = 0; round < times; round += 1) {
    for (const [index, { command, args, env: settings }] of contenders.entries())
      runs[index]?.push(timeCommand(command, args, settings))
  }
  const wallOf = (index: number) => median((runs[index] ?? []).map(({ wall }) => wall))
  return {
    scenario: 'command',
    title: `A page of ${page} books at the command line`,
    lines: contenders.map(({ who }, index): Line => ({
      work: `page of ${page} books`,
      who,
      isOurs: who !== curl.who,
      amount: wallOf(index),
      unit: 'ms',
      serverMicros: null,
      databaseMicros: null,
      ratio: wallOf(index) / wallOf(0),
      note: `user and system ${Math.round(median((runs[index] ?? []).map(({ cpu }) => cpu)))} ms, median of ${times}`,
    })),
    goals: [],
  }
}

/** Throws unless both commands give the same JSON. */
function assertSame(one: Contender, other: Contender): void {
  if (!isDeepStrictEqual(answerOf(one), answerOf(other)))
    throw new Error('curl and the command line do not give the same books')
}

function answerOf({ command, args, env }: Contender): unknown {
  const options = { encoding: 'utf8', env: { ...process.env, ...env }, maxBuffer: 1e8 } as const
  return JSON.parse(execFileSync(command, args, options))
}
