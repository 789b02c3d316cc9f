import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTestDatabase, type TestDatabase } from '@casebook/db/testing'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readSettings } from '../../src/env.ts'
import { prepareDatabase } from '../../src/prepare.ts'
import { createServers } from '../run-server.ts'

const accountsOf = async (database: TestDatabase) => {
  const { rows } = await sql<{
    username: string
  }>`select username from user_account order by username`.execute(database.kysely)
  return rows.map(({ username }) => username)
}
const ownDatabase = { DATABASE_URL: 'postgres://db.example/casebook' }
const prepare = (database: TestDatabase, env: Record<string, string>, sample: boolean | null = null) =>
  prepareDatabase(database, { settings: readSettings(env), sample, migrate: true })

describe('security 03: no account is there by default', () => {
  test('migrations make none, and neither does a start on a database of one’s own', async () => {
    await using database = await openTestDatabase()
    expect(await accountsOf(database)).toEqual([])
    expect(await prepare(database, ownDatabase)).toEqual([])
    expect(await accountsOf(database)).toEqual([])
  })

  test('a start without sample data makes none in the embedded database either', async () => {
    await using database = await openTestDatabase()
    expect(await prepare(database, { DATA_DIR: folder }, false)).toEqual([])
    expect(await accountsOf(database)).toEqual([])
  })

  test.each([
    { HOST: '0.0.0.0' },
    { HOST: '::' },
    { HOST: '192.0.2.1' },
    { PUBLIC_URL: 'https://casebook.example' },
    { PUBLIC_URL: 'http://127.0.0.1.evil.example' },
  ])('sample accounts are not opened to the network by %j', async (env) => {
    await using database = await openTestDatabase()
    const embedded = { DATA_DIR: folder }
    const opened = await prepare(database, embedded)
    expect(opened.toSorted()).toEqual(['admin', 'author', 'clinician', 'editor', 'reader'])
    const setting = Object.keys(env)[0] ?? ''
    await expect(prepare(database, { ...embedded, ...env })).rejects.toThrow(
      new RegExp(`^${setting}: .* would open sample accounts`),
    )
    await expect(prepare(database, { ...ownDatabase, ...env })).rejects.toThrow(/would open sample accounts/)
    // Once they are disabled, nothing stands in the way.
    await sql`update user_account set disabled_at = now()`.execute(database.kysely)
    expect(await prepare(database, { ...embedded, ...env })).toEqual([])
  })

  test.each(['http://localhost:3000', 'http://[::1]:3000', 'http://127.0.0.1'])(
    'they may be used from this machine, at %s',
    async (PUBLIC_URL) => {
      await using database = await openTestDatabase()
      expect(await prepare(database, { DATA_DIR: folder, PUBLIC_URL })).toHaveLength(5)
    },
  )
})

let folder: string
let servers: ReturnType<typeof createServers>
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'casebook-accounts-'))
  servers = createServers(folder)
})
afterEach(async () => {
  await servers.endAll()
  rmSync(folder, { recursive: true, force: true })
})

describe('security 03: the first admin', () => {
  test('is made at the command line, by a password from standard input that is no weak one', async () => {
    const command = ['admin', 'create', '--username', 'root', '--email', 'root@example.com']
    const weak = await servers.outcome(command, {}, 'password1\n')
    expect(weak).toMatchObject({ code: 1, out: '', err: expect.stringContaining('password') })
    const none = await servers.outcome(command, {}, '')
    expect(none).toMatchObject({ code: 2, out: '' })
    const argued = await servers.outcome([...command, '--password', 'four quiet herons wade'], {}, '')
    expect(argued.code).toBe(2)
    const made = await servers.outcome(command, {}, 'four quiet herons wade\n')
    expect(made, made.err).toMatchObject({ code: 0, out: expect.stringContaining('root') })

    const { url, banner } = await servers.serve(['--no-sample'])
    expect(banner).not.toContain('-of-casebook')
    const logIn = async (username: string, password: string) => {
      const answer = await fetch(`${url}/api/user/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username, password }),
      })
      return [answer.status, ((await answer.json()) as { user?: { role: string } }).user?.role]
    }
    expect(await logIn('root', 'four quiet herons wade')).toEqual([200, 'admin'])
    for (const [name, password] of [
      ['admin', 'admin-of-casebook'],
      ['admin', 'admin'],
      ['admin', ''],
      ['root', 'root'],
      ['postgres', 'postgres'],
    ] as const)
      expect(await logIn(name, password), name).toEqual([400, undefined])
  })
})
