import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { openTestDatabase, testEngine } from '@casebook/db/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readSettings, settingNames, SettingsError } from '../src/env.ts'

const root = join(import.meta.dirname, '../../..')
const main = join(import.meta.dirname, '../src/main.ts')

let folder: string
let children: ChildProcess[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'casebook-start-'))
  children = []
})
afterEach(async () => {
  await Promise.all(children.map(ended))
  rmSync(folder, { recursive: true, force: true })
})

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

function run(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], DATA_DIR: folder, CASEBOOK_ENGINE: testEngine, ...env },
  })
  children.push(child)
  return child
}

/** Runs a command that ends by itself. */
async function outcome(args: readonly string[], env: Record<string, string> = {}, input = '') {
  const child = run(args, env)
  child.stdin.end(input)
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { out, err, code: child.exitCode }
}

/** Starts a server and waits for its banner. */
async function serve(args: readonly string[] = [], env: Record<string, string> = {}) {
  const child = run(args, { PORT: String(await freePort()), ...env })
  let banner = ''
  let errors = ''
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()))
  for await (const data of child.stdout as AsyncIterable<Buffer>) {
    banner += data.toString()
    if (banner.includes('Ctrl-C ends it.')) break
  }
  expect(banner, errors).toContain('Ctrl-C ends it.')
  const url = /listens on (\S+)/.exec(banner)?.[1] ?? ''
  return { child, banner, url, errors: () => errors }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}

const login = (url: string, username: string, password: string) =>
  fetch(`${url}/api/user/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  })

describe('a start', () => {
  test('serves the sample data, ends in order on a signal, and keeps what was written', async () => {
    const first = await serve()
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

    const second = await serve()
    expect((await login(second.url, 'kept', 'four quiet herons wade')).status).toBe(200)
  })

  test('--no-sample starts empty, and the first admin comes by a command', async () => {
    const made = await outcome(
      ['admin', 'create', '--username', 'root', '--email', 'root@example.com'],
      {},
      'four quiet herons wade\n',
    )
    expect(made, made.err).toMatchObject({ code: 0, out: expect.stringContaining('root') })
    const server = await serve(['--no-sample'])
    expect(await (await fetch(`${server.url}/api/books`)).json()).toEqual([])
    expect((await login(server.url, 'admin', 'admin-of-casebook')).status).toBe(400)
    expect((await login(server.url, 'root', 'four quiet herons wade')).status).toBe(200)
  })

  test('mail without an SMTP server is a file in the outbox', async () => {
    const { url } = await serve()
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
    const plain = await serve([], env)
    expect(await (await fetch(`${plain.url}/api/books`)).json()).toEqual([])
    await ended(plain.child)
    const sampled = await serve(['--sample'], env)
    expect(await (await fetch(`${sampled.url}/api/books`)).json()).not.toEqual([])
    await ended(sampled.child)
    const open = await outcome([], { ...env, HOST: '0.0.0.0' })
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
    const behind = await outcome([], env)
    expect(behind).toMatchObject({ code: 1, err: expect.stringMatching(/lacks \d+ migrations: run/) })
    const all = await Promise.all([1, 2, 3].map(() => outcome(['migrate'], env)))
    expect(
      all.map(({ code }) => code),
      all.map(({ err }) => err).join(''),
    ).toEqual([0, 0, 0])
    expect(all.filter(({ out }) => out.startsWith('Migrated: '))).toHaveLength(1)
  })

  test('a database that may lose acknowledged writes is refused', async () => {
    await using database = await openTestDatabase()
    const refused = await outcome([], { DATABASE_URL: database.url ?? '' })
    expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/fsync|synchronous_commit/) })
  })
})

describe('what is wrong is said in a sentence', () => {
  test('a port that is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const { code, err } = await outcome([], { PORT: String(port) })
    taken.close()
    expect([code, err]).toEqual([
      1,
      `Port ${port} is taken by another program: end that one, or set PORT to another number.\n`,
    ])
  })

  test('a data folder that cannot be written', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const { code, err } = await outcome([], { DATA_DIR: join(file, 'data') })
    expect([code, err]).toEqual([
      1,
      `The data folder ${join(file, 'data')} cannot be written: set DATA_DIR to a folder that can.\n`,
    ])
  })

  test('a database that cannot be reached', async () => {
    const { code, err } = await outcome([], { DATABASE_URL: 'postgres://x:secret@127.0.0.1:9/x' })
    expect(code).toBe(1)
    expect(err).toMatch(/^The database at 127\.0\.0\.1:9\/x cannot be reached .*\n$/)
    expect(err).not.toContain('secret')
  })

  test('every setting that is wrong is named', async () => {
    const { code, err } = await outcome([], { PORT: 'http', DATABASE_URL: 'mysql://x', LOG_LEVEL: 'loud' })
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
    const { code, err } = await outcome(['serf'])
    expect([code, err.split('\n')[0]]).toEqual([2, expect.stringContaining('serf')])
  })
})

test('.env.example has the settings that are read, and no others', () => {
  const named = [...readFileSync(join(root, '.env.example'), 'utf8').matchAll(/^([A-Z_]+)=/gm)].map(
    (match) => match[1],
  )
  expect(named.toSorted()).toEqual(settingNames.toSorted())
})
