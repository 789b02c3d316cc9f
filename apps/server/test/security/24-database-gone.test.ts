import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCluster, openTestDatabase, testEngine, type TestDatabase } from '@casebook/db/testing'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createServers, type Served } from '../run-server.ts'
import { createWatch } from '../watch.ts'

let folder: string
let servers: ReturnType<typeof createServers>
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'casebook-gone-'))
  servers = createServers(folder)
})
afterEach(async () => {
  await servers.endAll()
  rmSync(folder, { recursive: true, force: true })
})

const unsafe = { UNSAFE_DATABASE: 'true', LOG_LEVEL: 'error' }
const serve = (url: string | null, more: Record<string, string> = {}): Promise<Served> =>
  servers.serve(['--sample', '--migrate'], { ...unsafe, ...more, DATABASE_URL: url ?? '' })

/** Ends every connection to a database but the one that asks. */
async function killConnections({ kysely }: TestDatabase): Promise<number> {
  const { rows } = await sql<{ ended: boolean }>`
    select pg_terminate_backend(pid) as ended from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`.execute(kysely)
  return rows.length
}

describe.runIf(testEngine === 'postgres')('security 24: a server whose database', () => {
  test('loses its connections under load lives, answers 503 meanwhile, and is back within 5 s', async () => {
    await using database = await openTestDatabase()
    const { url, child } = await serve(database.url)
    const watch = await createWatch(url)
    const loaded = watch.load(8)
    let killed = 0
    for (let round = 0; round < 10; round += 1) {
      await watch.after(30)
      killed += await killConnections(database)
    }
    await expect.poll(() => watch.ready(), { timeout: 5000 }).toBe(true)
    await watch.after(100)
    watch.stop()
    await loaded
    expect(child.exitCode).toBeNull()
    expect(killed).toBeGreaterThan(10)
    expect(watch.unsound()).toEqual([])
    console.log(`${killed} connections ended: ${watch.summary()}`)
  })

  test('is stopped and started again lives, answers 503 meanwhile, and is back within 5 s', async () => {
    await using cluster = await openCluster({ fsync: 'off' })
    const { url, child } = await serve(cluster.url)
    const watch = await createWatch(url)
    const loaded = watch.load(8)
    await watch.after(30)
    await cluster.stop()
    await watch.after(100)
    expect(await watch.ready()).toBe(false)
    await cluster.start()
    await expect.poll(() => watch.ready(), { timeout: 5000 }).toBe(true)
    await watch.after(100)
    watch.stop()
    await loaded
    expect(child.exitCode).toBeNull()
    expect(watch.statuses().get(503)).toBeGreaterThan(0)
    expect(watch.unsound()).toEqual([])
    console.log(`stopped and started: ${watch.summary()}`)
  })

  test('does not get on with a statement, or has no connection left, answers 503 in bounded time', async () => {
    await using database = await openTestDatabase()
    // Few connections, so that most callers wait for their turn behind those that wait for a lock.
    const { url } = await serve(database.url, { DATABASE_POOL: '4' })
    const watch = await createWatch(url)
    const locked = Promise.withResolvers<void>()
    const over = Promise.withResolvers<void>()
    const holding = database.kysely.transaction().execute(async (tx) => {
      await sql`lock table book, record, author in access exclusive mode`.execute(tx)
      locked.resolve()
      await over.promise
    })
    await locked.promise
    const began = performance.now()
    await Promise.all(Array.from({ length: 60 }, (_, n) => watch.call(n)))
    const seconds = (performance.now() - began) / 1000
    over.resolve()
    await holding
    // A batch of calls of which only one needs what is locked is 207.
    expect(new Set([...watch.statuses().keys(), 207])).toEqual(new Set([207, 503]))
    // One after the other they would take a minute, and without limits for ever.
    expect(seconds).toBeLessThan(30)
    expect(watch.unsound()).toEqual([])
    await watch.call(0)
    expect(watch.statuses().get(200)).toBe(1)
    console.log(`60 calls that wait for a lock: 503 after ${seconds.toFixed(1)} s at most`)
  })
})
