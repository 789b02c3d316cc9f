import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { rmSync } from 'node:fs'
import { hash, verify } from '@node-rs/argon2'
import type { Bench } from '../bench.ts'
import { readAnswer } from '../measure/read.ts'
import { pace } from '../measure/pace.ts'
import { quantile } from '../measure/statistics.ts'
import { measureTask, ratioOfTasks, taskLine, type Done } from '../measure/task.ts'
import { runWrk, writeRequests } from '../measure/wrk.ts'
import type { Line, Outcome } from '../outcome.ts'
import { account } from '../setup/database.ts'
import { startOurs } from '../setup/server.ts'
import { ours } from './contenders.ts'

const raw = 'argon2id alone'
/** OWASP's least, which is what ours takes. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const connections = 8
const readsPerSecond = 50

/** Logins as fast as they go, and what readers notice of it. */
export async function measureLogins(bench: Bench): Promise<Outcome> {
  const { url: databaseUrl } = await bench.lookups()
  // Logins that wrk leaves unfinished at the end of a round are still under way in the next one, and count until then.
  const wide = { LIMIT_LOGINS_PER_MINUTE: '1000' }
  await using server = await startOurs(bench, databaseUrl, wide)
  const file = join(bench.folder, 'logins')
  const { username, password } = account
  writeRequests(file, [
    { method: 'POST', path: '/api/user/login', body: JSON.stringify({ username, password }) },
  ])
  const { seconds } = bench.options
  const logIn = async () => {
    const done = await runWrk({ url: server.url, file, place: 0, headers: {}, connections, seconds })
    return { amount: done.requests, seconds: done.seconds }
  }
  const read = async () => (await readAnswer(`${server.url}/api/books?limit=20`)).seconds * 1000
  const paced = { perSecond: readsPerSecond, seconds }

  const hashes: Done[] = []
  const logins: Done[] = []
  const calm: number[] = []
  const loaded: number[] = []
  await logIn()
  await pace(read, { perSecond: readsPerSecond, seconds: 1 })
  for (let round = 0; round < bench.options.rounds; round += 1) {
    hashes.push(await withoutServer(() => hashAlone(seconds)))
    logins.push(await measureTask(bench, server.pid, logIn))
    calm.push(...(await pace(read, paced)))
    const [times] = await Promise.all([pace(read, paced), logIn()])
    loaded.push(...times)
  }
  rmSync(file)
  const p99 = { calm: quantile(calm, 0.99), loaded: quantile(loaded, 0.99) }
  const reading = (who: string, times: readonly number[], amount: number): Line => ({
    work: `page of 20 books, ${readsPerSecond}/s`,
    who,
    isOurs: true,
    amount,
    unit: 'ms',
    serverMicros: null,
    databaseMicros: null,
    ratio: amount / p99.calm,
    note: `p99 of ${times.length}, median ${quantile(times, 0.5).toFixed(1)} ms`,
  })
  return {
    scenario: 'logins',
    title: `Logins by ${connections} connections, and readers meanwhile`,
    lines: [
      taskLine(
        {
          work: 'login',
          who: raw,
          isOurs: false,
          unit: 'logins/s',
          note: `${availableParallelism()} at once`,
        },
        hashes,
        hashes,
      ),
      taskLine({ work: 'login', who: ours, isOurs: true, unit: 'logins/s' }, logins, hashes),
      reading('without logins', calm, p99.calm),
      reading('while others log in', loaded, p99.loaded),
    ],
    goals: [
      {
        claim: 'logins a second against argon2id alone',
        value: ratioOfTasks(logins, hashes),
        bound: 0.9,
        sense: 'at least',
        unit: '×',
      },
      {
        claim: 'p99 of readers while others log in against without',
        value: p99.loaded / p99.calm,
        bound: 3,
        sense: 'at most',
        unit: '×',
      },
    ],
  }
}

/** Measures work that neither a server nor the database has part in. */
async function withoutServer(work: () => Promise<{ amount: number; seconds: number }>): Promise<Done> {
  const { amount, seconds } = await work()
  return { perSecond: amount / seconds, serverMicros: null, databaseMicros: null }
}

/** Verifies passwords on all cores for some seconds. */
async function hashAlone(seconds: number): Promise<{ amount: number; seconds: number }> {
  const hashed = await hash(account.password, parameters)
  const began = performance.now()
  let amount = 0
  const core = async () => {
    while (performance.now() - began < seconds * 1000) {
      await verify(hashed, account.password)
      amount += 1
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, core))
  return { amount, seconds: (performance.now() - began) / 1000 }
}
