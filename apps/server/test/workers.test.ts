import { spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { request, type ClientRequest, type IncomingMessage } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { openTestDatabase, testEngine } from '@casebook/db/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createServers } from './run-server.ts'

let folder: string
let servers: ReturnType<typeof createServers>
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'casebook-workers-'))
  servers = createServers(folder)
})
afterEach(async () => {
  await servers.endAll()
  rmSync(folder, { recursive: true, force: true })
})

/** Process ids of the workers below a first process. */
function workersOf({ pid }: ChildProcess): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
  const workers = [...stdout.matchAll(/^\s*(\d+)\s+(\d+)\s.*main\.js/gm)]
    .filter(([, , parent]) => Number(parent) === pid)
    .map(([, own]) => Number(own))
  // A signal to what is not there would be one to process 0, which is ourselves.
  if (workers.length === 0) throw new Error('there are no workers')
  return workers
}

function isAlive(pid: number): boolean {
  // A process that has ended and that nobody has waited for is a zombie, and answers to signal 0 all the same.
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout.trim() !== '' && !stdout.startsWith('Z')
}

/** Asks on a connection of its own, so that each request may reach another worker. */
async function get(url: string): Promise<string> {
  const asked = request(url, { agent: false }).end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  return (await answer.toArray()).join('')
}

const workersIn = (report: string) =>
  new Set([...report.matchAll(/route="\/healthz".*worker="(\d+)"/g)].map(([, number]) => number))

/** How many workers have answered. */
async function counting(url: string): Promise<number> {
  await Promise.all(Array.from({ length: 12 }, () => get(`${url}/healthz`)))
  return workersIn(await get(`${url}/metrics`)).size
}

describe.runIf(testEngine === 'postgres')('several workers', () => {
  const databaseOf = async () => {
    const database = await openTestDatabase()
    const env = { DATABASE_URL: database.url ?? '', UNSAFE_DATABASE: 'true', LOG_LEVEL: 'error' }
    return { env, database, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() }
  }

  test('serve at one address, and each of them reports the metrics of all', async () => {
    await using own = await databaseOf()
    const { url, banner, child } = await servers.serve(['--workers', '3'], own.env)
    expect(banner).toContain('3 processes')
    expect(workersOf(child)).toHaveLength(3)
    await expect.poll(() => counting(url)).toBe(3)
    for (let n = 0; n < 6; n += 1) {
      const report = await get(`${url}/metrics`)
      expect(workersIn(report)).toEqual(new Set(['1', '2', '3']))
      expect(report.match(/^# TYPE casebook_http_requests_total/gm)).toHaveLength(1)
    }
  })

  test('are started again one by one, when they are killed and when they end in order', async () => {
    await using own = await databaseOf()
    const { url, child } = await servers.serve(['--workers', '2'], own.env)
    const first = workersOf(child)
    for (const [index, signal] of (['SIGKILL', 'SIGTERM'] as const).entries()) {
      process.kill(first[index] ?? 0, signal)
      await expect.poll(() => isAlive(first[index] ?? 0), { timeout: 20_000 }).toBe(false)
      await expect.poll(() => counting(url), { timeout: 20_000 }).toBe(2)
    }
    expect(workersOf(child)).not.toEqual(expect.arrayContaining(first))
    expect(child.exitCode).toBeNull()
  })

  test('finish the requests in flight when the server is asked to end', async () => {
    await using own = await databaseOf()
    const { url, child } = await servers.serve(['--workers', '3'], own.env)
    const asked = await Promise.all(Array.from({ length: 6 }, () => beginLogin(url)))
    child.kill('SIGTERM')
    const answers = await Promise.all(asked.map(finishLogin))
    expect(answers).toEqual(asked.map(() => 400))
    if (child.exitCode === null) await once(child, 'exit')
    expect(child.exitCode).toBe(0)
  })

  test('do not stay behind when the first process is killed, and neither does its engine', async () => {
    const { child } = await servers.serve(['--workers', '2'])
    const pids = [
      ...workersOf(child),
      Number.parseInt(readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8'), 10),
    ]
    expect(pids.map(isAlive)).toEqual([true, true, true])
    child.kill('SIGKILL')
    await expect.poll(() => pids.map(isAlive), { timeout: 10_000 }).toEqual([false, false, false])
  })

  test('send each mail once, also after one of them was killed', async () => {
    const { url, child } = await servers.serve(['--workers', '3'])
    const [killed = 0] = workersOf(child)
    process.kill(killed, 'SIGKILL')
    // Until the first process has noticed, it hands connections to the one that is gone, and they are reset.
    const others = () => workersOf(child).filter((pid) => pid !== killed)
    await expect.poll(others, { timeout: 20_000 }).toHaveLength(3)
    for (const name of ['reader', 'editor']) {
      // On a connection of its own: one that was kept from before may be to the worker that was killed.
      const headers = { 'content-type': 'application/json' }
      const asked = request(`${url}/api/user/password_reset_request`, {
        method: 'POST',
        agent: false,
        headers,
      })
      asked.end(JSON.stringify({ email: `${name}@casebook.example` }))
      const [answer] = (await once(asked, 'response')) as [IncomingMessage]
      answer.resume()
      expect(answer.statusCode).toBe(200)
    }
    const sent = () =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.eml'))
        .map((name) => /(reader|editor)@/.exec(name)?.[1])
        .toSorted()
    await expect.poll(sent, { timeout: 10_000 }).toEqual(['editor', 'reader'])
  })

  test('are given up, with the reason, when they fail again and again', async () => {
    await using own = await databaseOf()
    const { child, errors } = await servers.serve(['--workers', '2'], own.env)
    const name = new URL(own.env.DATABASE_URL).pathname.slice(1)
    await using other = await openTestDatabase()
    await sql`alter database ${sql.id(name)} with allow_connections false`.execute(other.kysely)
    for (const pid of workersOf(child)) process.kill(pid, 'SIGKILL')
    await once(child, 'exit')
    expect(child.exitCode).toBe(1)
    expect(errors()).toMatch(
      /^The database at .* cannot be reached \(.*not currently accepting connections\)/m,
    )
  })

  test('say once that a port is taken', async () => {
    await using own = await databaseOf()
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const { code, err } = await servers.outcome(['--workers', '3'], { ...own.env, PORT: String(port) })
    taken.close()
    expect([code, err]).toEqual([
      1,
      `Port ${port} is taken by another program: end that one, or set PORT to another number.\n`,
    ])
  })
})

test('PGlite refuses more than one worker', async () => {
  const { code, err } = await servers.outcome([], { WORKERS: '2', CASEBOOK_ENGINE: 'pglite' })
  expect([code, err]).toEqual([
    1,
    'PGlite serves one process only: set WORKERS=1, or DATABASE_URL to a PostgreSQL, for more.\n',
  ])
})

test.each(['0', '65', 'many'])('--workers %s is refused', async (number) => {
  const { code, err } = await servers.outcome(['--workers', number])
  expect([code, err.split('\n')[0]]).toEqual([2, `--workers takes a number from 1 to 64, not «${number}».`])
})

const credentials = JSON.stringify({ username: 'nobody', password: 'nobody-of-casebook' })

/** Sends the head of a login, and waits until a worker has taken it. */
async function beginLogin(url: string): Promise<ClientRequest> {
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(credentials),
    expect: '100-continue',
  }
  const asked = request(`${url}/api/user/login`, { method: 'POST', agent: false, headers })
  const continued = once(asked, 'continue')
  asked.flushHeaders()
  await continued
  return asked
}

async function finishLogin(asked: ClientRequest): Promise<number | undefined> {
  const answered = once(asked, 'response') as Promise<[IncomingMessage]>
  asked.end(credentials)
  const [answer] = await answered
  answer.resume()
  return answer.statusCode
}
