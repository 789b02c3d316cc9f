import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  callRest,
  callTrpc,
  headersOf,
  logIn,
  makeKey,
  startTwoServers,
  statusesOf,
  type Credential,
  type TwoServers,
} from './credentials.ts'

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'
const kinds = ['bearer', 'cookie'] as const

let two: TwoServers
beforeAll(async () => {
  two = await startTwoServers()
})
afterAll(() => two[Symbol.asyncDispose]())

type Listed = {
  readonly id: string
  readonly kind: string
  readonly device: string | null
  readonly address: string | null
  readonly current: boolean
  readonly createdAt: string
  readonly lastUsedAt: string
  readonly expiresAt: string
}

async function list(credential: Credential): Promise<Listed[]> {
  const { json } = await callRest(two.urls[0], ['GET', '/api/user/sessions'], { credential })
  return json as Listed[]
}

async function idOf(credential: Credential): Promise<string> {
  return (await list(credential)).find(({ current }) => current)?.id ?? ''
}

/** Moves what a session's row says; the database's clock decides by it. */
async function move(credential: Credential, columns: Readonly<Record<string, string>>): Promise<void> {
  const id = createHash('sha256').update(credential.text).digest('hex')
  for (const [column, interval] of Object.entries(columns))
    await sql`update session set ${sql.ref(column)} = now() + ${interval}::interval where id = ${id}`.execute(
      two.server.database.kysely,
    )
}

describe('the list of sessions', () => {
  test('shows both kinds by the device, with which of them is asking', async () => {
    const body = { username: 'author', password: 'author-of-casebook' }
    const answer = await fetch(`${two.urls[1]}/api/user/login_session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': firefox },
      body: JSON.stringify(body),
    })
    const text = /session=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1] ?? ''
    const sessions = await list({ as: 'cookie', text })
    expect(sessions[0]).toMatchObject({
      kind: 'cookie',
      device: 'Firefox on Linux',
      address: '127.0.0.1',
      current: true,
    })
    expect(sessions.slice(1).map(({ kind, device, current }) => [kind, device, current])).toEqual([
      ['bearer', 'node', false],
    ])
    const bearer: Credential = { as: 'bearer', text: two.server.tokenOf('author') }
    const overTrpc = await callTrpc(two.urls[1], ['query', 'auth.sessions.list'], { credential: bearer })
    expect(overTrpc.json).toMatchObject({
      result: { data: { items: [{ current: false, device: 'Firefox on Linux' }, { current: true }] } },
    })
  })

  test.each(kinds)('tells when a %s was last used, and writes it once a minute', async (as) => {
    const credential = await logIn(two.urls[0], 'editor', { as })
    await move(credential, { last_used_at: '-2 hours' })
    const before = Date.now() - 60_000
    const use = () => statusesOf(two.urls, credential)
    expect(await use()).toEqual([200])
    const shown = (await list(credential)).find(({ current }) => current)
    expect(Date.parse(shown?.lastUsedAt ?? '')).toBeGreaterThan(before)

    const versions = async () =>
      (
        await sql<{ xmin: string }>`select xmin::text from session order by id`.execute(
          two.server.database.kysely,
        )
      ).rows
    const written = await versions()
    await Promise.all([use(), use(), use()])
    expect(await versions()).toEqual(written)
  })
})

describe('a session ends by the database’s clock, in every process', () => {
  test.each(kinds)('a %s that was idle too long', async (as) => {
    const credential = await logIn(two.urls[0], 'clinician', { as })
    const id = await idOf(credential)
    expect(await statusesOf(two.urls, credential)).toEqual([200])
    await move(credential, { expires_at: '-1 second' })
    expect(await statusesOf(two.urls, credential)).toEqual([401])
    const other = await logIn(two.urls[1], 'clinician')
    expect((await list(other)).map((session) => session.id)).not.toContain(id)
  })

  test.each(kinds)('a %s that is too old, however much it is used', async (as) => {
    const credential = await logIn(two.urls[1], 'clinician', { as })
    await move(credential, { expires_at: '10 minutes', absolute_expires_at: '20 minutes' })
    expect(await statusesOf(two.urls, credential)).toEqual([200])
    const shown = (await list(credential)).find(({ current }) => current)
    expect(Date.parse(shown?.expiresAt ?? '')).toBeLessThan(Date.now() + 21 * 60_000)
    await move(credential, { absolute_expires_at: '-1 second' })
    expect(await statusesOf(two.urls, credential)).toEqual([401])
  })

  test('an API key that has expired; its owner still sees it', async () => {
    const owner = await logIn(two.urls[0], 'reader')
    const key = await makeKey(two.urls[0], owner)
    expect(await statusesOf(two.urls, key)).toEqual([200])
    await two.server.database.kysely
      .updateTable('api_key')
      .set({ expires_at: sql<string>`now() - interval '1 second'` })
      .execute()
    expect(await statusesOf(two.urls, key)).toEqual([401])
    const listed = await fetch(`${two.urls[1]}/api/user/keys`, { headers: headersOf(owner) })
    expect(((await listed.json()) as { id: string }[]).map(({ id }) => id)).toEqual([key.id])
  })
})
