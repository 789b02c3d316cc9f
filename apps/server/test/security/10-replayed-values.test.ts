import { crc32 } from 'node:zlib'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callRest, logIn, makeKey, statusesOf, type Credential } from '../credentials.ts'
import { startTestServer, type TestServer } from '../start-test-server.ts'

/** Values of a column that are tried; tables that hold credentials are shorter than this in the test. */
const most = 40
const mostResets = 3
const email = 'reader@casebook.example'

let server: TestServer
let values: ReadonlyMap<string, readonly string[]>
let live: readonly Credential[]

beforeAll(async () => {
  server = await startTestServer({ limits: { isOn: false } })
  live = await fill()
  values = await readEverything()
})
afterAll(() => server[Symbol.asyncDispose]())

/** Makes a row in every table that can hold a credential; gives those that are live. */
async function fill(): Promise<Credential[]> {
  const { url } = server
  const bearer = await logIn(url, 'reader')
  const cookie = await logIn(url, 'reader', { as: 'cookie' })
  const key = await makeKey(url, bearer)
  const headers = { 'idempotency-key': 'a-key-of-a-caller' }
  await server.request('POST', '/api/user/keys', { as: 'reader', body: { name: 'again' }, headers })
  await server.request('POST', '/api/invitations', {
    as: 'admin',
    body: { email: 'new@example.com', role: 'editor' },
  })
  await server.request('GET', '/records?limit=5', { as: 'clinician' })
  await server.sealer.seal()
  await callRest(url, ['POST', '/api/user/password_reset_request'], { body: { email } })
  return [bearer, cookie, key]
}

/** Reads the values of every column of every table, as text; what is asked of a mail is sent before. */
async function readEverything(): Promise<Map<string, string[]>> {
  await server.resetKeyFor(email)
  const { kysely } = server.database
  const { rows } = await sql<{ table: string; column: string }>`
    select c.table_name as "table", c.column_name as "column" from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = 'public' and t.table_type = 'BASE TABLE'`.execute(kysely)
  const all = new Map<string, string[]>()
  for (const { table, column } of rows) {
    const { rows: found } = await sql<{ value: string }>`
      select distinct ${sql.ref(column)}::text as value from ${sql.table(table)}
      where ${sql.ref(column)} is not null limit ${most}`.execute(kysely)
    all.set(
      `${table}.${column}`,
      found.map(({ value }) => value),
    )
  }
  return all
}

/** What somebody might make of a value: itself, words in it, and its bytes written as our tokens and keys are. */
function formsOf(value: string): string[] {
  const words = value.match(/[\w-]{16,}/g) ?? []
  const bytes = words.flatMap((word) => [
    ...(/^[\da-f]{64}$/i.test(word) ? [Buffer.from(word, 'hex')] : []),
    ...(/^[\w-]{43}$/.test(word) ? [Buffer.from(word, 'base64url')] : []),
  ])
  const written = bytes.flatMap((some) => [
    some.toString('hex'),
    some.toString('base64url'),
    keyOf(base62(BigInt(`0x${some.toString('hex')}`), 43)),
  ])
  return [...new Set([value, ...words, ...written, `casebook_${value}`, ...words.map(keyOf)])]
}

/** Dresses a text as an API key, with a checksum that is right. */
function keyOf(body: string): string {
  return `casebook_${body}${base62(BigInt(crc32(body)), 6)}`
}

function base62(value: bigint, length: number): string {
  const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
  const digits = Array.from({ length }, (_, place) => (value / 62n ** BigInt(place)) % 62n)
  return digits
    .map((digit) => letters.charAt(Number(digit)))
    .toReversed()
    .join('')
}

/** Text that a header can carry. */
const isSendable = (text: string) => /^[!-~]{1,4000}$/.test(text)

async function inTurns<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const waiting = [...all]
  const worker = async () => {
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) await work(one)
  }
  await Promise.all(Array.from({ length: 8 }, worker))
}

describe('security 10: what the database holds opens nothing', () => {
  test('every table with credentials is filled, and what they belong to is live', async () => {
    expect(values.size).toBeGreaterThan(80)
    const filled = [
      'session.id',
      'api_key.key_hash',
      'password_reset.key_hash',
      'invitation.token_hash',
      'server_secret.value',
      'idempotency_key.result',
      'mail.id',
      'audit_seal.hash',
    ]
    for (const column of filled) {
      const found = values.get(column)?.length ?? 0
      expect([found > 0, found < most], column).toEqual([true, true])
    }
    for (const one of live) expect(await statusesOf([server.url], one)).toEqual([200])
  })

  test('no value of any column is a token, a cookie or an API key', { timeout: 180_000 }, async () => {
    const texts = [...new Set([...values.values()].flat().flatMap(formsOf))].filter(isSendable)
    expect(texts.length).toBeGreaterThan(1000)
    const taken: string[] = []
    await inTurns(texts, async (text) => {
      for (const as of ['bearer', 'cookie'] as const) {
        const credential: Credential = { as, text: as === 'cookie' ? encodeURIComponent(text) : text }
        const { status } = await callRest(server.url, ['GET', '/api/user/me'], { credential })
        if (status !== 401) taken.push(`${as} ${text}: ${status}`)
      }
    })
    expect(taken).toEqual([])
  })

  test('no value of any column is a reset key or an invitation', { timeout: 180_000 }, async () => {
    const isSecret = /^(session|api_key|password_reset|invitation|server_secret|mail|idempotency_key)\./
    const texts = [...values].flatMap(([column, all]) =>
      (isSecret.test(column) ? all : all.slice(0, mostResets)).flatMap((value) => [
        value,
        ...(value.match(/[\w-]{16,}/g) ?? []),
      ]),
    )
    const taken: string[] = []
    const tried = [...new Set(texts)].filter((text) => text.length > 0 && text.length <= 128)
    await inTurns(tried, async (text) => {
      const password = 'nine tired otters swim'
      const reset = await callRest(server.url, ['POST', '/api/user/password_reset'], {
        body: { key: text, password },
      })
      const invited = await callRest(server.url, ['POST', '/api/user/register'], {
        body: { username: 'x', email: 'new@example.com', role: 'editor', invitation: text, password },
      })
      if (reset.status !== 400 || invited.status !== 400) taken.push(text)
    })
    expect(tried.length).toBeGreaterThan(200)
    expect(taken).toEqual([])
    const key = await server.resetKeyFor(email)
    const { status } = await callRest(server.url, ['POST', '/api/user/password_reset'], {
      body: { key, password: 'nine tired otters swim' },
    })
    expect(status).toBe(200)
  })

  test('a credential is of one kind', async () => {
    const [bearer, cookie, key] = [
      await logIn(server.url, 'editor'),
      await logIn(server.url, 'editor', { as: 'cookie' }),
      await makeKey(server.url, await logIn(server.url, 'editor')),
    ]
    for (const one of [bearer, cookie, key]) expect(await statusesOf([server.url], one)).toEqual([200])
    const wrong: Credential[] = [
      { as: 'cookie', text: bearer.text },
      { as: 'bearer', text: cookie.text },
      { as: 'cookie', text: key.text },
    ]
    for (const one of wrong) expect(await statusesOf([server.url], one), one.as).toEqual([401])
  })
})
