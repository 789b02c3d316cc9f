import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCasebookClient } from '@casebook/client'
import { hasPooler, openPooler, openTestDatabase, testEngine } from '@casebook/db/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createServers } from './run-server.ts'

let folder: string
let servers: ReturnType<typeof createServers>
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'casebook-pooler-'))
  servers = createServers(folder)
})
afterEach(async () => {
  await servers.endAll()
  rmSync(folder, { recursive: true, force: true })
})

const env = { UNSAFE_DATABASE: 'true', LOG_LEVEL: 'warn' }
const name = hasPooler ? 'a server behind PgBouncer' : 'skipped: pgbouncer is not installed'
describe.runIf(testEngine === 'postgres' && hasPooler)(name, () => {
  test('serves like any other, by several workers, and says what it is', async () => {
    await using database = await openTestDatabase()
    await using pooler = await openPooler(database.url ?? '')
    const { url, banner, errors, child } = await servers.serve(['--workers', '2', '--sample', '--migrate'], {
      ...env,
      DATABASE_URL: pooler.url,
    })
    expect(banner).toMatch(/PostgreSQL \S+ through a pooler/)

    const login = { username: 'clinician', password: 'clinician-of-casebook' }
    const { token } = await createCasebookClient({ url }).auth.login.mutate(login)
    const client = createCasebookClient({ url, token })
    const patient = {
      givenName: 'Ada',
      familyName: 'Pooled',
      birthDate: '1990-02-28',
      sex: 'female',
    } as const
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        client.records.patients.create.mutate(
          { ...patient, mrn: `P-${n % 10}` },
          { idempotencyKey: `p${n % 10}` },
        ),
      ),
    )
    expect(new Set(made.map(({ id }) => id)).size).toBe(10)
    expect(made[0]).toMatchObject({ birthDate: '1990-02-28', createdAt: expect.stringMatching(/Z$/) })
    const streamed = await Array.fromAsync(await client.records.stream.query({}))
    expect(streamed.length).toBeGreaterThan(200)

    child.kill('SIGTERM')
    await expect.poll(() => child.exitCode).toBe(0)
    expect(errors()).toBe('')
  })

  test('is told to migrate past it, unless there is nothing to migrate', async () => {
    await using database = await openTestDatabase()
    await using pooler = await openPooler(database.url ?? '')
    const pooled = { ...env, DATABASE_URL: pooler.url }
    expect(await servers.outcome(['migrate'], pooled)).toMatchObject({
      code: 0,
      out: 'The database is up to date.\n',
    })
    await database.kysely.schema.dropSchema('public').cascade().execute()
    await database.kysely.schema.createSchema('public').execute()
    expect(await servers.outcome(['migrate'], pooled)).toMatchObject({
      code: 1,
      err: 'Migrations cannot run through a pooler: run «casebook-server migrate» with a DATABASE_URL that goes to PostgreSQL itself.\n',
    })
  })
})
