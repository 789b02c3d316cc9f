import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  callRest,
  logIn,
  makeKey,
  startTwoServers,
  statusesOf,
  type Called,
  type Credential,
  type TwoServers,
} from './credentials.ts'

let two: TwoServers
beforeAll(async () => {
  two = await startTwoServers()
})
afterAll(() => two[Symbol.asyncDispose]())

const rest = (what: string, called: Called = {}, at: 0 | 1 = 0) =>
  callRest(two.urls[at], what.split(' ') as [string, string], called)
const session = (role: 'admin' | 'editor' | 'clinician' | 'reader' | 'author'): Credential => ({
  as: 'bearer',
  text: two.server.tokenOf(role),
})

type Listed = { readonly id: string; readonly lastUsedAt: string | null }
const listKeys = async (credential: Credential) =>
  (await rest('GET /api/user/keys', { credential })).json as Listed[]

describe('an API key', () => {
  test('is shown once, with where it is found, and to no cache', async () => {
    const body = { name: 'nightly export', access: 'read', domains: ['books'], expiresInDays: 7 }
    const made = await rest('POST /api/user/keys', { credential: session('author'), body })
    const { key, ...shown } = made.json as Record<string, unknown> & { key: string; id: string }
    expect(made.status).toBe(201)
    expect(key).toMatch(/^casebook_[0-9A-Za-z]{49}$/)
    expect(shown).toMatchObject({
      id: expect.stringMatching(/^key_/),
      name: 'nightly export',
      start: key.slice(0, 13),
      access: 'read',
      domains: ['books'],
      lastUsedAt: null,
    })
    expect(made.headers.get('location')).toBe(`/api/user/keys/${shown.id}`)
    expect(made.headers.get('cache-control')).toBe('no-store')
    const read = await rest(`GET ${made.headers.get('location')}`, { credential: session('author') })
    expect(read.json).toEqual(shown)
    expect(await listKeys(session('author'))).toEqual([shown])
    const { rows } = await sql<{ text: string }>`select k::text as text from api_key k`.execute(
      two.server.database.kysely,
    )
    expect(JSON.stringify(rows)).not.toContain(key.slice(13))
    await two.server.resetKeyFor('nobody@example.com')
    expect(two.server.mails.at(-1)).toMatchObject({ subject: 'A Casebook API key was made' })
  })

  test('lives 90 days unless told, a year at most', async () => {
    const credential = session('reader')
    const { json } = await rest('POST /api/user/keys', { credential, body: { name: 'usual' } })
    const { createdAt, expiresAt, access, domains } = json as Record<string, string>
    const days = (Date.parse(expiresAt ?? '') - Date.parse(createdAt ?? '')) / 86_400_000
    expect([days, access, domains]).toEqual([90, 'read', null])
    for (const expiresInDays of [0, 366, 1.5])
      expect(
        (await rest('POST /api/user/keys', { credential, body: { name: 'x', expiresInDays } })).status,
      ).toBe(400)
    for (const wrong of [[], ['books', 'books'], ['moon']])
      expect(
        (await rest('POST /api/user/keys', { credential, body: { name: 'x', domains: wrong } })).status,
      ).toBe(400)
  })

  test('that is mistyped, revoked or unknown is refused, a mistyped one without a query', async () => {
    const key = await makeKey(two.urls[0], session('reader'))
    const mistyped = key.text.slice(0, -8) + (key.text.at(-8) === 'a' ? 'b' : 'a') + key.text.slice(-7)
    const { kysely } = two.server.database
    await kysely.schema.alterTable('api_key').renameTo('away').execute()
    expect(await statusesOf(two.urls, { as: 'bearer', text: mistyped })).toEqual([401])
    expect(await statusesOf(two.urls, key)).toEqual([500])
    await kysely.schema.alterTable('away').renameTo('api_key').execute()
    expect(await statusesOf(two.urls, key)).toEqual([200])
    const path = `/api/user/keys/${key.id}`
    expect((await rest(`DELETE ${path}`, { credential: session('author') })).status).toBe(404)
    expect((await rest(`DELETE ${path}`, { credential: session('reader') }, 1)).status).toBe(204)
    expect(await statusesOf(two.urls, key)).toEqual([401])
    expect((await rest(`DELETE ${path}`, { credential: session('reader') })).status).toBe(404)
  })

  test('tells when it was last used, and writes it once a minute', async () => {
    const owner = await logIn(two.urls[0], 'clinician')
    const key = await makeKey(two.urls[0], owner)
    await statusesOf(two.urls, key)
    const [used] = await listKeys(owner)
    expect(Date.parse(used?.lastUsedAt ?? '')).toBeGreaterThan(Date.now() - 60_000)
    const { kysely } = two.server.database
    const versions = async () =>
      (await sql<{ xmin: string }>`select xmin::text from api_key order by id`.execute(kysely)).rows
    const written = await versions()
    await Promise.all(Array.from({ length: 5 }, () => statusesOf(two.urls, key)))
    expect(await versions()).toEqual(written)
    await sql`update api_key set last_used_at = now() - interval '61 seconds'`.execute(kysely)
    const moved = await versions()
    await Promise.all(Array.from({ length: 5 }, () => statusesOf(two.urls, key)))
    expect(await versions()).not.toEqual(moved)
  })

  test('works with idempotency keys: a repeat makes no second one, and voids the first secret', async () => {
    const credential = session('editor')
    const create = () =>
      fetch(`${two.urls[0]}/api/user/keys`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${credential.text}`,
          'content-type': 'application/json',
          'idempotency-key': 'one',
        },
        body: JSON.stringify({ name: 'once' }),
      })
    type Made = { id: string; key: string }
    const [first, again] = [(await (await create()).json()) as Made, (await (await create()).json()) as Made]
    expect(again.id).toBe(first.id)
    expect(await statusesOf(two.urls, { as: 'bearer', text: first.key })).toEqual([401])
    expect(await statusesOf(two.urls, { as: 'bearer', text: again.key })).toEqual([200])
    expect((await listKeys(credential)).map(({ id }) => id)).toEqual([first.id])
    // A secret that is new is told of, whether its key is new or not.
    const { database, mails } = two.server
    const entries = await database.stores.audit.list({
      action: 'auth.keys.create',
      resource: first.id,
      limit: 9,
    })
    expect(entries.map(({ detail, actor }) => [detail, actor?.username])).toEqual([
      ['another secret access=read domains=all', 'editor'],
      ['access=read domains=all', 'editor'],
    ])
    await two.server.mailWorker.flush()
    const told = mails.filter(({ subject, body }) => subject.includes('API key') && body.includes('«once»'))
    expect(told.map(({ recipient }) => recipient)).toEqual(Array(2).fill('editor@casebook.example'))
    await rest(`DELETE /api/user/keys/${first.id}`, { credential })
    expect((await create()).status).toBe(422)

    const key = await makeKey(two.urls[0], credential)
    const book = () =>
      fetch(`${two.urls[1]}/api/books`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${key.text}`,
          'content-type': 'application/json',
          'idempotency-key': 'two',
        },
        body: JSON.stringify({ title: 'Once' }),
      })
    const [one, same] = [await (await book()).text(), await (await book()).text()]
    expect(same).toBe(one)
  })
})

describe('API keys of other accounts', () => {
  test('are listed and revoked by admins, and by nobody else', async () => {
    const key = await makeKey(two.urls[0], session('clinician'))
    const { json: me } = await rest('GET /api/user/me', { credential: session('clinician') })
    const path = `/api/users/${(me as { id: string }).id}/keys`
    for (const role of ['editor', 'clinician'] as const)
      expect((await rest(`GET ${path}`, { credential: session(role) })).status).toBe(403)
    const listed = (await rest(`GET ${path}`, { credential: session('admin') })).json as Listed[]
    expect(listed.map(({ id }) => id)).toContain(key.id)
    const other = `/api/users/${((await rest('GET /api/user/me', { credential: session('admin') })).json as { id: string }).id}/keys`
    expect((await rest(`DELETE ${other}/${key.id}`, { credential: session('admin') })).status).toBe(404)
    expect((await rest(`DELETE ${path}/${key.id}`, { credential: session('editor') })).status).toBe(403)
    expect(await statusesOf(two.urls, key)).toEqual([200])
    expect((await rest(`DELETE ${path}/${key.id}`, { credential: session('admin') }, 1)).status).toBe(204)
    expect(await statusesOf(two.urls, key)).toEqual([401])
    const nobody = '/api/users/user_00000000000000000000000000/keys'
    expect((await rest(`GET ${nobody}`, { credential: session('admin') })).status).toBe(404)
  })
})
