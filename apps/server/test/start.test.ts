import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTestDatabase, testEngine } from '@casebook/db/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readSettings, settingNames, SettingsError } from '../src/env.ts'
import { createServers, ended } from './run-server.ts'

const root = join(import.meta.dirname, '../../..')

let folder: string
let servers: ReturnType<typeof createServers>
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'casebook-start-'))
  servers = createServers(folder)
})
afterEach(async () => {
  await servers.endAll()
  rmSync(folder, { recursive: true, force: true })
})

const login = (url: string, username: string, password: string) =>
  fetch(`${url}/api/user/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  })

describe('a start', () => {
  test('serves the sample data, ends in order on a signal, and keeps what was written', async () => {
    const first = await servers.serve()
    expect(first.banner).toMatch(testEngine === 'postgres' ? /PostgreSQL 18.*embedded/ : /PGlite/)
    expect(first.banner).toContain(`${first.url}/docs`)
    const curl = /curl '([^']+)'/.exec(first.banner)?.[1] ?? ''
    expect(await (await fetch(curl)).json()).toHaveLength(2)
    for (const name of ['admin', 'editor', 'author', 'clinician', 'reader'])
      expect((await login(first.url, name, `${name}-of-casebook`)).status, name).toBe(200)
    await fetch(`${first.url}/api/user/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        username: 'kept',
        email: 'kept@example.com',
        password: 'four quiet herons wade',
      }),
    })
    first.child.kill('SIGTERM')
    await once(first.child, 'exit')
    expect([first.child.exitCode, first.errors()]).toEqual([0, ''])

    const second = await servers.serve()
    expect((await login(second.url, 'kept', 'four quiet herons wade')).status).toBe(200)
  })

  test('--no-sample starts empty, and the first admin comes by a command', async () => {
    const made = await servers.outcome(
      ['admin', 'create', '--username', 'root', '--email', 'root@example.com'],
      {},
      'four quiet herons wade\n',
    )
    expect(made, made.err).toMatchObject({ code: 0, out: expect.stringContaining('root') })
    const server = await servers.serve(['--no-sample'])
    expect(await (await fetch(`${server.url}/api/books`)).json()).toEqual([])
    expect((await login(server.url, 'admin', 'admin-of-casebook')).status).toBe(400)
    expect((await login(server.url, 'root', 'four quiet herons wade')).status).toBe(200)
  })

  test('mail without an SMTP server is a file in the outbox', async () => {
    const { url } = await servers.serve()
    await fetch(`${url}/api/user/password_reset_request`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'reader@casebook.example' }),
    })
    const outbox = join(folder, 'outbox')
    const mails = () => {
      try {
        return readdirSync(outbox).filter((name) => name.endsWith('.eml'))
      } catch {
        return []
      }
    }
    await expect.poll(mails, { timeout: 10_000 }).toHaveLength(1)
    const mail = readFileSync(join(outbox, mails()[0] ?? ''), 'utf8')
    expect(mail).toMatch(/^To: reader@casebook\.example/m)
    expect(mail.replaceAll('=\r\n', '')).toMatch(/\?key=(3D)?[\w-]{20,}/)
  })
})

describe.runIf(testEngine === 'postgres')('a start on a database of one’s own', () => {
  test('has no sample data unless asked for, and refuses to open its accounts to the network', async () => {
    await using database = await openTestDatabase()
    const env = { DATABASE_URL: database.url ?? '', UNSAFE_DATABASE: 'true', LOG_LEVEL: 'error' }
    const plain = await servers.serve([], env)
    expect(await (await fetch(`${plain.url}/api/books`)).json()).toEqual([])
    await ended(plain.child)
    const sampled = await servers.serve(['--sample'], env)
    expect(await (await fetch(`${sampled.url}/api/books`)).json()).not.toEqual([])
    await ended(sampled.child)
    const open = await servers.outcome([], { ...env, HOST: '0.0.0.0' })
    expect(open).toMatchObject({
      code: 1,
      err: expect.stringMatching(/HOST: 0\.0\.0\.0 would open sample accounts/),
    })
  })

  test('migrations are for a command; several servers that migrate at once do it once', async () => {
    await using database = await openTestDatabase()
    const env = { DATABASE_URL: database.url ?? '', UNSAFE_DATABASE: 'true' }
    await database.kysely.schema.dropSchema('public').cascade().execute()
    await database.kysely.schema.createSchema('public').execute()
    const behind = await servers.outcome([], env)
    expect(behind).toMatchObject({ code: 1, err: expect.stringMatching(/lacks \d+ migrations: run/) })
    const all = await Promise.all([1, 2, 3].map(() => servers.outcome(['migrate'], env)))
    expect(
      all.map(({ code }) => code),
      all.map(({ err }) => err).join(''),
    ).toEqual([0, 0, 0])
    expect(all.filter(({ out }) => out.startsWith('Migrated: '))).toHaveLength(1)
  })
})

describe('what is wrong is said in a sentence', () => {
  test('a port that is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const { code, err } = await servers.outcome([], { PORT: String(port) })
    taken.close()
    expect([code, err]).toEqual([
      1,
      `Port ${port} is taken by another program: end that one, or set PORT to another number.\n`,
    ])
  })

  test('a data folder that cannot be written', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const { code, err } = await servers.outcome([], { DATA_DIR: join(file, 'data') })
    expect([code, err]).toEqual([
      1,
      `The data folder ${join(file, 'data')} cannot be written: set DATA_DIR to a folder that can.\n`,
    ])
  })

  test('a database that cannot be reached', async () => {
    const { code, err } = await servers.outcome([], { DATABASE_URL: 'postgres://x:secret@127.0.0.1:9/x' })
    expect(code).toBe(1)
    expect(err).toMatch(/^The database at 127\.0\.0\.1:9\/x cannot be reached .*\n$/)
    expect(err).not.toContain('secret')
  })

  test('every setting that is wrong is named', async () => {
    const { code, err } = await servers.outcome([], {
      PORT: 'http',
      DATABASE_URL: 'mysql://x',
      LOG_LEVEL: 'loud',
    })
    expect(code).toBe(1)
    expect(err.split('\n').map((line) => line.split(':')[0])).toEqual([
      'These settings are wrong',
      'PORT',
      'DATABASE_URL',
      'LOG_LEVEL',
      '',
    ])
    expect(() => readSettings({ PORT: '70000' })).toThrow(SettingsError)
  })

  test('a command that is none', async () => {
    const { code, err } = await servers.outcome(['serf'])
    expect([code, err.split('\n')[0]]).toEqual([2, expect.stringContaining('serf')])
  })
})

test('.env.example has the settings that are read, and no others', () => {
  const named = [...readFileSync(join(root, '.env.example'), 'utf8').matchAll(/^([A-Z_]+)=/gm)].map(
    (match) => match[1],
  )
  expect(named.toSorted()).toEqual(settingNames.toSorted())
})
