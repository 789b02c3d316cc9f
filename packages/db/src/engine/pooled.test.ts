import { Kysely, sql } from 'kysely'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { createDatabase } from '../database.ts'
import { migrateToLatest, pendingMigrations } from '../migrations/index.ts'
import { hasPooler, openPooler, openTestDatabase, testEngine } from '../testing/index.ts'
import { openEngine } from './open-engine.ts'
import { PooledDialect } from './pooled-dialect.ts'
import { readInstant } from './type-parsers.ts'

test.each([
  ['2026-01-05 09:00:00+00', '2026-01-05T09:00:00.000Z'],
  ['2026-01-05 09:00:00.5+00', '2026-01-05T09:00:00.500Z'],
  ['2026-01-05 09:00:00.123456+05:30', '2026-01-05T03:30:00.123Z'],
  ['2026-01-05 09:00:00.5-03', '2026-01-05T12:00:00.500Z'],
  ['1850-01-05 09:00:00-00:01:15', '1850-01-05T09:01:15.000Z'],
])('reads the instant %s', (text, instant) => {
  expect(readInstant(text)).toBe(instant)
})

describe.runIf(testEngine === 'postgres')('a direct connection', () => {
  test('is not pooled, and has its limits kept by the server', async () => {
    await using database = await openTestDatabase()
    const engine = await openEngine({ databaseUrl: database.url ?? '', unsafe: true })
    const own = createDatabase(engine)
    expect(engine.isPooled).toBe(false)
    const shown = await sql<{ limit: string }>`
      select current_setting('statement_timeout') as limit`.execute(own.kysely)
    expect(shown.rows).toEqual([{ limit: '15s' }])
    await own.close()
  })
})

const name = hasPooler
  ? 'a connection through PgBouncer in transaction mode'
  : 'skipped: pgbouncer is not installed'
describe.runIf(testEngine === 'postgres' && hasPooler)(name, () => {
  test('is known for one, and serves more transactions than there are sessions', async () => {
    await using database = await openTestDatabase()
    await using pooler = await openPooler(database.url ?? '')
    const engine = await openEngine({ databaseUrl: pooler.url, unsafe: true })
    expect([engine.isPooled, engine.description]).toEqual([
      true,
      expect.stringMatching(/^PostgreSQL 1\d.* through a pooler$/),
    ])
    const pooled = createDatabase(engine)
    const key = (n: number) => ({ recipient: `${n}@example.com`, subject: 's', body: 'b' })
    await Promise.all(Array.from({ length: 60 }, (_, n) => pooled.transaction((tx) => tx.mail.queue(key(n)))))
    const failed = pooled.transaction(async (tx) => {
      await tx.mail.queue(key(100))
      throw new Error('no')
    })
    await expect(failed).rejects.toThrow('no')
    const { rows } = await sql<{ count: number }>`select count(*) as count from mail`.execute(pooled.kysely)
    expect(rows).toEqual([{ count: 60 }])
    await pooled.close()
  })

  test('reads instants right in whatever time zone the session is', async () => {
    await using database = await openTestDatabase()
    const at = new URL(database.url ?? '').pathname.slice(1)
    await sql`alter database ${sql.id(at)} set timezone = 'Asia/Kolkata'`.execute(database.kysely)
    await using pooler = await openPooler(database.url ?? '')
    const pooled = createDatabase(await openEngine({ databaseUrl: pooler.url, unsafe: true }))
    const { rows } = await sql<{ zone: string; at: string }>`
      select current_setting('TimeZone') as zone, '2026-01-05T09:00:00.5Z'::timestamptz as at`.execute(
      pooled.kysely,
    )
    expect(rows).toEqual([{ zone: 'Asia/Kolkata', at: '2026-01-05T09:00:00.500Z' }])
    await pooled.close()
  })

  test('is refused for migrations, in a sentence that says where to run them', async () => {
    await using database = await openTestDatabase()
    await using pooler = await openPooler(database.url ?? '')
    const pooled = createDatabase(await openEngine({ databaseUrl: pooler.url, unsafe: true }))
    expect(await pendingMigrations(pooled.kysely)).toEqual([])
    await expect(migrateToLatest(pooled.kysely)).rejects.toThrow(
      /Migrations cannot run through a pooler: run «casebook-server migrate» with a DATABASE_URL/,
    )
    await pooled.close()
  })

  test('is refused where the database writes dates in a style of its own', async () => {
    await using database = await openTestDatabase()
    const at = new URL(database.url ?? '').pathname.slice(1)
    await sql`alter database ${sql.id(at)} set datestyle = 'German'`.execute(database.kysely)
    await using pooler = await openPooler(database.url ?? '')
    await expect(openEngine({ databaseUrl: pooler.url, unsafe: true })).rejects.toThrow(
      /writes dates in the style «German, DMY»: give its role the style ISO/,
    )
  })

  test('lets go of a statement that takes too long, and of its connection', async () => {
    await using database = await openTestDatabase()
    await using pooler = await openPooler(database.url ?? '')
    const pool = new pg.Pool({ connectionString: pooler.url, max: 1 })
    const kysely = new Kysely<unknown>({ dialect: new PooledDialect(pool, 300) })
    const stuck = sql`select pg_sleep(30)`
    const late = { reason: 'overloaded', cause: { code: '57014' } }
    await expect(stuck.execute(kysely)).rejects.toMatchObject(late)
    await expect(kysely.transaction().execute((tx) => stuck.execute(tx))).rejects.toMatchObject(late)
    expect((await sql`select 1 as one`.execute(kysely)).rows).toEqual([{ one: 1 }])
    await kysely.destroy()
  })
})
