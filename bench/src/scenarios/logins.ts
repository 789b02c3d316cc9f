import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
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
/** As many as may wait for their hash in one process. */
const crowd = 200
const readsPerSecond = 50

/** Logins as fast as they go, and what readers notice of it. */
export async function measureLogins(bench: Bench): Promise<Outcome> {
  const { url: databaseUrl } = await bench.lookups()
  // A login counts until it has succeeded, so that as many count as are under way.
  const wide = { LIMIT_LOGINS_PER_MINUTE: '9999', LIMIT_LOGINS_PER_ADDRESS: '9999' }
  await using server = await startOurs(bench, databaseUrl, wide)
  const file = join(bench.folder, 'logins')
  const { username, password } = account
  const login = {
    method: 'POST' as const,
    path: '/api/user/login',
    body: JSON.stringify({ username, password }),
  }
  writeRequests(file, [login])
  const { seconds } = bench.options
  const logIn = async (callers = connections, forSeconds = seconds) => {
    const load = { url: server.url, file, place: 0, headers: {}, connections: callers, seconds: forSeconds }
    const done = await runWrk(load)
    return { amount: done.requests, seconds: done.seconds }
  }
  // Those that wrk leaves unfinished are answered first, one after the other.
  const finish = async () => {
    const headers = { 'content-type': 'application/json' }
    const { status } = await fetch(`${server.url}${login.path}`, { ...login, headers })
    if (status !== 200) throw new Error(`a login was answered by ${status}`)
  }
  const read = async () => (await readAnswer(`${server.url}/api/books?limit=20`)).seconds * 1000
  const paced = { perSecond: readsPerSecond, seconds }
  // Starting the load takes time of the process that reads, and is over when the reading begins.
  const readBeside = async (callers: number) => {
    const load = logIn(callers, seconds + 1)
    await sleep(750)
    const times = await pace(read, paced)
    await load
    await finish()
    return times
  }

  const hashes: Done[] = []
  const logins: Done[] = []
  const calm: number[] = []
  const loaded: number[] = []
  const crowded: number[] = []
  await logIn()
  await finish()
  await pace(read, { perSecond: readsPerSecond, seconds: 1 })
  for (let round = 0; round < bench.options.rounds; round += 1) {
    hashes.push(await withoutServer(() => hashAlone(seconds)))
    logins.push(await measureTask(bench, server.pid, () => logIn()))
    await finish()
    calm.push(...(await pace(read, paced)))
    loaded.push(...(await readBeside(connections)))
    crowded.push(...(await readBeside(crowd)))
  }
  rmSync(file)
  const p99 = { calm: quantile(calm, 0.99), loaded: quantile(loaded, 0.99), crowded: quantile(crowded, 0.99) }
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
      reading(`while ${crowd} at a time log in`, crowded, p99.crowded),
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
