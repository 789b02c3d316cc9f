import { spawnSync, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from '../bench.ts'
import { median } from '../measure/statistics.ts'
import type { Line, Outcome } from '../outcome.ts'
import { freePort, ourProgram, spawnServer, stop } from '../setup/server.ts'

const bareNode = 'node -e 0'
const startMs = 60_000

type Start = { readonly health: number; readonly books: number }

/** From the start of the process to its first answers. */
export async function measureStart(bench: Bench): Promise<Outcome> {
  const { url } = await bench.lookups()
  const embedded = { args: [], env: { DATA_DIR: join(bench.folder, 'embedded') } }
  const connected = {
    args: ['serve', '--no-sample'],
    env: { DATABASE_URL: url, DATA_DIR: join(bench.folder, 'connected') },
  }
  // The first start makes the data folder and loads the sample; it is the second that counts.
  const first = await startOnce(bench, embedded)
  const bare: number[] = []
  const starts = { embedded: [] as Start[], connected: [] as Start[] }
  for (let round = 0; round < bench.options.rounds; round += 1) {
    const began = performance.now()
    spawnSync(process.execPath, ['-e', '0'])
    bare.push(performance.now() - began)
    starts.embedded.push(await startOnce(bench, embedded))
    starts.connected.push(await startOnce(bench, connected))
  }
  const booksOf = (all: readonly Start[]) => median(all.map(({ books }) => books))
  const line = (who: string, amount: number, note: string): Line => ({
    work: 'start to first answer',
    who,
    isOurs: who !== bareNode,
    amount,
    unit: 'ms',
    serverMicros: null,
    databaseMicros: null,
    ratio: amount / median(bare),
    note,
  })
  const linesFor = (who: string, all: readonly Start[]) => [
    line(who, median(all.map(({ health }) => health)), '/healthz'),
    line(who, booksOf(all), '/api/books?limit=20'),
  ]
  const goal = { sense: 'at most', unit: 's' } as const
  return {
    scenario: 'start',
    title: 'From starting the process to its first answers',
    lines: [
      line(bareNode, median(bare), 'to its end'),
      ...linesFor('embedded database, second start', starts.embedded),
      ...linesFor('on DATABASE_URL', starts.connected),
      line('embedded database, very first start', first.books, '/api/books?limit=20, with the sample; once'),
    ],
    goals: [
      {
        claim: 'second start with the embedded database, to books',
        value: booksOf(starts.embedded) / 1000,
        bound: 2,
        ...goal,
      },
      {
        claim: 'start on DATABASE_URL, to books',
        value: booksOf(starts.connected) / 1000,
        bound: 0.6,
        ...goal,
      },
    ],
  }
}

/** Starts the server, waits for both answers, and stops it; gives milliseconds. */
async function startOnce(
  bench: Bench,
  { args, env }: { args: readonly string[]; env: Readonly<Record<string, string>> },
): Promise<Start> {
  const port = await freePort()
  const logFile = join(bench.folder, 'start.log')
  const began = performance.now()
  const child = spawnServer({ ...ourProgram, args, env }, { port, logFile })
  try {
    const url = `http://127.0.0.1:${port}`
    const health = await firstAnswer(child, `${url}/healthz`)
    const books = await firstAnswer(child, `${url}/api/books?limit=20`)
    return { health: health - began, books: books - began }
  } finally {
    await stop(child)
  }
}

/** Asks every few milliseconds until the answer is 200; gives when that was. */
async function firstAnswer(child: ChildProcess, url: string): Promise<number> {
  const deadline = performance.now() + startMs
  while (child.exitCode === null && performance.now() < deadline) {
    const answer = await fetch(url).catch(() => null)
    const now = performance.now()
    await answer?.arrayBuffer()
    if (answer?.ok) return now
    await sleep(5)
  }
  throw new Error(`${url} was not answered: the server ended, or took more than ${startMs / 1000} s`)
}
