import { sql } from 'kysely'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { executeRead } from '../named.ts'
import { openTestDatabase, testEngine } from '../testing/index.ts'
import { createPipeline } from './pipeline.ts'

const count = 50

describe.runIf(testEngine === 'postgres')('reads that travel together', () => {
  test('each gets its own answer, and one that fails fails alone', async () => {
    await using database = await openTestDatabase()
    const read = (n: number) => executeRead(database.kysely, sql<{ n: number }>`select 10 / ${n}::int as n`)
    const settled = await Promise.allSettled(Array.from({ length: count }, (_, n) => read(n % 10)))
    const seen = settled.map((one) =>
      one.status === 'fulfilled' ? one.value[0]?.n : (one.reason as { code?: string }).code,
    )
    expect(seen).toEqual(
      Array.from({ length: count }, (_, n) => (n % 10 === 0 ? '22012' : Math.trunc(10 / (n % 10)))),
    )
  })

  test('use few connections, however many there are', async () => {
    await using database = await openTestDatabase()
    const backend = () => executeRead(database.kysely, sql<{ pid: number }>`select pg_backend_pid() as pid`)
    const rows = await Promise.all(Array.from({ length: count }, backend))
    expect(new Set(rows.map(([row]) => row?.pid)).size).toBe(2)
  })

  test('see what has been acknowledged before', async () => {
    await using database = await openTestDatabase()
    await sql`create table counter (n int)`.execute(database.kysely)
    await sql`insert into counter values (0)`.execute(database.kysely)
    for (let n = 1; n <= 20; n += 1) {
      await sql`update counter set n = ${n}`.execute(database.kysely)
      expect(await executeRead(database.kysely, sql`select n from counter`)).toEqual([{ n }])
    }
  })

  test('within a transaction are part of it', async () => {
    await using database = await openTestDatabase()
    await sql`create table counter (n int)`.execute(database.kysely)
    const seen = await database.kysely.transaction().execute(async (tx) => {
      await sql`insert into counter values (7)`.execute(tx)
      const within = await executeRead(tx, sql`select n from counter`)
      return { within, outside: await executeRead(database.kysely, sql`select n from counter`) }
    })
    expect(seen).toEqual({ within: [{ n: 7 }], outside: [] })
  })

  test('are answered all the same when their connections are ended under them', async () => {
    await using database = await openTestDatabase()
    const read = () => executeRead(database.kysely, sql<{ n: number }>`select 1 as n, pg_sleep(0.01)::text`)
    await read()
    const admin = new pg.Client({ connectionString: database.url ?? '' })
    await admin.connect()
    for (let round = 0; round < 3; round += 1) {
      const reads = Array.from({ length: count }, read)
      await admin.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'casebook reads'",
      )
      const rows = await Promise.all(reads)
      expect(rows.map(([row]) => row?.n)).toEqual(rows.map(() => 1))
    }
    await admin.end()
  })

  test('are given up when one before them hangs', async () => {
    await using database = await openTestDatabase()
    const holder = new pg.Client({ connectionString: database.url ?? '' })
    await holder.connect()
    await holder.query('select pg_advisory_lock(1)')
    const client = { connectionString: database.url ?? '' }
    const pipeline = createPipeline({ client, connections: 1, readMs: 200 })
    const hanging = pipeline.read('hang', 'select pg_advisory_xact_lock(1)', [])
    const behind = pipeline.read('one', 'select 1', [])
    const settled = await Promise.allSettled([hanging, behind])
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await holder.end()
    expect((await pipeline.read('one', 'select 1 as n', [])).rows).toEqual([{ n: 1 }])
    await pipeline.end()
  })
})
