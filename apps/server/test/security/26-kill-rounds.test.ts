import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCasebookClient, type CasebookClient } from '@casebook/client'
import { openCluster, testEngine, type Cluster } from '@casebook/db/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createServers } from '../run-server.ts'
import { createLoad } from '../soak-load.ts'

/** Rounds of each kind; as many as wanted by `npm run rounds`. */
const rounds = Number(process.env['KILL_ROUNDS'] ?? 3)
const timeout = 60_000 + rounds * 20_000

let folder: string
let servers: ReturnType<typeof createServers>
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'casebook-rounds-'))
  servers = createServers(folder)
})
afterEach(async () => {
  await servers.endAll()
  rmSync(folder, { recursive: true, force: true })
})

const loggedIn = async (url: string, name: string): Promise<CasebookClient> => {
  const account = { username: name, password: `${name}-of-casebook` }
  const { token } = await createCasebookClient({ url }).auth.login.mutate(account)
  return createCasebookClient({ url, token })
}

/** Writes of several callers at one server, each again with its key until it is acknowledged. */
async function startLoad(url: string) {
  const tokenOf = async (username: string) => {
    const account = { username, password: `${username}-of-casebook` }
    return (await createCasebookClient({ url }).auth.login.mutate(account)).token
  }
  const load = createLoad([url], { author: await tokenOf('author'), clinician: await tokenOf('clinician') })
  const running = load.run(8)
  await load.after(20)
  return { load, running }
}

/** Waits until a server answers from its database again, and gives the milliseconds that it took. */
async function untilReady(url: string): Promise<number> {
  const began = performance.now()
  const isReady = async () => (await fetch(`${url}/readyz`).catch(() => null))?.status
  await expect.poll(isReady, { timeout: 30_000, interval: 20 }).toBe(200)
  return performance.now() - began
}

/** Checks that what was acknowledged is there, once, and nothing else of the load; gives the counts. */
async function compare(url: string, { books, records }: ReturnType<typeof createLoad>): Promise<string> {
  const author = await loggedIn(url, 'author')
  const clinician = await loggedIn(url, 'clinician')
  const kept: { title: string }[] = []
  for await (const book of await author.books.stream.query({ status: 'draft' })) kept.push(book)
  for await (const record of await clinician.records.stream.query({})) kept.push(record)
  const there = kept.map(({ title }) => title).filter((title) => /^\d+-\d+$/.test(title))
  const acknowledged = [...books, ...records].map(({ title }) => title)
  expect(there.toSorted()).toEqual(acknowledged.toSorted())
  return `${acknowledged.length} writes acknowledged, 0 lost, 0 doubled`
}

function report(what: string, { counts, recovered }: { counts: string; recovered: readonly number[] }): void {
  const times = recovered.map((ms) => Math.round(ms))
  console.log(`${rounds} × kill -9 of ${what}: ${counts}; back after ${times.join(', ')} ms`)
}

describe('security 26: under a load of writes, nothing acknowledged is lost and nothing doubled', () => {
  test(`when the server is killed, ${rounds} times`, { timeout }, async () => {
    let server = await servers.serve([], { LOG_LEVEL: 'error' })
    const { url } = server
    const { load, running } = await startLoad(url)
    const recovered: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      await load.after(40)
      const began = performance.now()
      server.child.kill('SIGKILL')
      await once(server.child, 'exit')
      server = await servers.serve([], { LOG_LEVEL: 'error', PORT: new URL(url).port })
      await untilReady(url)
      recovered.push(performance.now() - began)
    }
    await load.after(40)
    load.stop()
    await running
    report('the server, with its embedded engine', { counts: await compare(url, load), recovered })
  })

  test.runIf(testEngine === 'postgres')(
    `when PostgreSQL is killed, postmaster and backends, ${rounds} times`,
    { timeout },
    async () => {
      await using cluster = await openCluster()
      const server = await servers.serve(['--sample', '--migrate'], on(cluster))
      const { url } = server
      const { load, running } = await startLoad(url)
      const recovered: number[] = []
      for (let round = 0; round < rounds; round += 1) {
        await load.after(40)
        await cluster.kill()
        await cluster.start()
        recovered.push(await untilReady(url))
      }
      await load.after(40)
      load.stop()
      await running
      expect(server.child.exitCode).toBeNull()
      expect([...load.statuses.keys()].filter((status) => ![200, 201, 503].includes(status))).toEqual([])
      report('PostgreSQL', { counts: await compare(url, load), recovered })
    },
  )
})

const on = ({ url }: Cluster): Record<string, string> => ({ DATABASE_URL: url, LOG_LEVEL: 'error' })

describe.runIf(testEngine === 'postgres')('security 26: a PostgreSQL that may lose writes is refused', () => {
  test('whichever setting is off, and taken when one insists', { timeout }, async () => {
    await using cluster = await openCluster()
    const migrated = await servers.outcome(['migrate'], on(cluster))
    expect(migrated, migrated.err).toMatchObject({ code: 0 })
    const off: readonly (readonly [setting: string, set: string, reset: string])[] = [
      ...['fsync', 'full_page_writes', 'synchronous_commit'].map(
        (name) => [name, `alter system set ${name} = off`, `alter system reset ${name}`] as const,
      ),
      [
        'synchronous_commit',
        'alter database postgres set synchronous_commit = off',
        'alter database postgres reset synchronous_commit',
      ],
      [
        'synchronous_commit',
        'alter role casebook set synchronous_commit = off',
        'alter role casebook reset synchronous_commit',
      ],
    ]
    const isOff = async (setting: string) => (await cluster.ask(`show ${setting}`)) === 'off'
    const change = async (statement: string) => {
      await cluster.ask(statement)
      await cluster.ask('select pg_reload_conf()')
    }
    for (const [name, set, reset] of off) {
      await change(set)
      await expect.poll(() => isOff(name)).toBe(true)
      expect(await servers.outcome([], on(cluster)), set).toMatchObject({
        code: 1,
        out: '',
        err: `The database runs with ${name} off and would lose acknowledged writes: turn it on, or set UNSAFE_DATABASE=true.\n`,
      })
      await change(reset)
      await expect.poll(() => isOff(name)).toBe(false)
    }
    await change('alter system set fsync = off')
    await expect.poll(() => isOff('fsync')).toBe(true)
    const insisted = await servers.serve([], { ...on(cluster), UNSAFE_DATABASE: 'true' })
    await untilReady(insisted.url)
  })
})
