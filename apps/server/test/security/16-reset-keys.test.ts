import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../start-test-server.ts'

const publicUrl = 'https://casebook.example/api-root'
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ publicUrl })
})
afterAll(() => server[Symbol.asyncDispose]())

const password = 'four quiet herons wade'
const newPassword = 'nine tired otters swim'

async function register(username: string): Promise<{ username: string; email: string; token: string }> {
  const account = { username, email: `${username}@example.com`, password }
  await server.request('POST', '/api/user/register', { body: account })
  const { json } = await server.request('POST', '/api/user/login', { body: { username, password } })
  return { ...account, ...(json as { token: string }) }
}

async function newKey(email: string): Promise<string> {
  await server.request('POST', '/api/user/password_reset_request', { body: { email } })
  return server.resetKeyFor(email)
}

const reset = (key: string, chosen = newPassword) =>
  server.request('POST', `/api/user/password_reset?key=${key}`, { body: { password: chosen } })
const resetByTrpc = (key: string) =>
  server.request('POST', '/trpc/auth.resetPassword', { body: { key, password: newPassword } })
const logIn = async (username: string, chosen: string) =>
  (await server.request('POST', '/api/user/login', { body: { username, password: chosen } })).status
const shiftExpiry = (interval: string) =>
  sql`update password_reset set expires_at = expires_at + ${interval}::interval`.execute(
    server.database.kysely,
  )

describe('security 16: the key of a reset', () => {
  test('has 128 bits or more, and is another one each time', async () => {
    const { email } = await register('bits')
    const keys = [await newKey(email), await newKey(email), await newKey(email)]
    for (const key of keys) expect(Buffer.from(key, 'base64url').length * 8).toBeGreaterThanOrEqual(128)
    expect(new Set(keys).size).toBe(3)
  })

  test('stands in the database as a hash, which is no key', async () => {
    const { email } = await register('hashed')
    const key = await newKey(email)
    const hash = createHash('sha256').update(key).digest('hex')
    const { rows } = await sql<{ row: string }>`
      select to_json(r)::text as row from password_reset r union all select to_json(m)::text from mail m
      union all select to_json(e)::text from audit_entry e union all select to_json(i)::text from idempotency_key i
    `.execute(server.database.kysely)
    const all = rows.map(({ row }) => row).join('\n')
    expect(all).toContain(hash)
    expect(all).not.toContain(key)
    expect((await reset(hash)).status).toBe(400)
    expect((await reset(key)).status).toBe(200)
  })

  test('lives for 30 minutes', async () => {
    const { username, email } = await register('timely')
    const key = await newKey(email)
    await shiftExpiry('-30 minutes')
    expect([(await reset(key)).status, (await resetByTrpc(key)).status]).toEqual([400, 400])
    await shiftExpiry('1 minute')
    expect((await reset(key)).status).toBe(200)
    expect(await logIn(username, newPassword)).toBe(200)
  })

  test('works once, of twenty that use it at once over both transports', async () => {
    const { username, email } = await register('once')
    const key = await newKey(email)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? reset(key) : resetByTrpc(key))),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([
      200,
      ...Array.from({ length: 19 }, () => 400),
    ])
    expect((await reset(key)).status).toBe(400)
    expect(await logIn(username, password)).toBe(400)
  })

  test('is not used up by a password that is refused', async () => {
    const { email } = await register('refused')
    const key = await newKey(email)
    for (const weak of ['short', 'password1', 'x'.repeat(257)])
      expect((await reset(key, weak)).status, weak).toBe(400)
    expect((await reset(key)).status).toBe(200)
  })

  test('is void once another one is made', async () => {
    const { email } = await register('anew')
    const first = await newKey(email)
    const second = await newKey(email)
    expect((await reset(first)).status).toBe(400)
    expect((await reset(second)).status).toBe(200)
  })

  test('of one account is nothing to another, and one that nobody made is nothing', async () => {
    const one = await register('mine')
    const other = await register('theirs')
    await reset(await newKey(one.email))
    expect(await logIn(other.username, newPassword)).toBe(400)
    for (const key of ['', 'nobody', '%00', 'a'.repeat(128), 'a'.repeat(4000)])
      expect((await reset(key)).status, key.slice(0, 10)).toBe(400)
    const twice = await newKey(other.email)
    expect(
      (
        await server.request('POST', `/api/user/password_reset?key=${twice}&key=x`, {
          body: { password: newPassword },
        })
      ).status,
    ).toBe(400)
  })

  test('of an account that was disabled meanwhile is refused', async () => {
    const { username, email } = await register('barred')
    const key = await newKey(email)
    await sql`update user_account set disabled_at = now() where username = ${username}`.execute(
      server.database.kysely,
    )
    expect((await reset(key)).status).toBe(400)
  })
})

describe('security 16: a reset that succeeds', () => {
  test('ends every session of the account, of both kinds, and mails a notice', async () => {
    const { username, email, token } = await register('ended')
    const bearer = { authorization: `Bearer ${token}` }
    const session = await server.request('POST', '/api/user/login_session', { body: { username, password } })
    const cookie = { cookie: session.headers.get('set-cookie')?.split(';')[0] ?? '' }
    const seen = () =>
      Promise.all(
        [bearer, cookie].map(
          async (headers) => (await server.request('GET', '/api/user/me', { headers })).status,
        ),
      )
    expect(await seen()).toEqual([200, 200])
    const key = await newKey(email)
    expect(await seen()).toEqual([200, 200])
    await reset(key)
    expect(await seen()).toEqual([401, 401])
    await server.mailWorker.flush()
    const notice = server.mails.findLast(({ recipient }) => recipient === email)
    expect(notice?.subject).toBe('Your Casebook password was changed')
    expect(`${notice?.subject} ${notice?.body}`).not.toContain(newPassword)
  })
})

describe('security 16: the link in the mail', () => {
  test.each([
    { host: 'evil.example' },
    { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' },
    { forwarded: 'host=evil.example;proto=http' },
    { origin: 'https://evil.example', referer: 'https://evil.example/' },
  ])('begins with PUBLIC_URL, whatever the request says: %j', async (headers: Record<string, string>) => {
    const name = `linked-${Object.keys(headers)[0]}`
    const { email } = await register(name)
    // Fetch does not let a Host header through.
    const { request } = await import('node:http')
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    const sent = request(`${server.url}/api/user/password_reset_request`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
    })
    sent.on('response', (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    sent.on('error', reject)
    sent.end(JSON.stringify({ email }))
    expect(await promise).toBe(200)
    await server.mailWorker.flush()
    const { body = '' } = server.mails.findLast(({ recipient }) => recipient === email) ?? {}
    expect(body).toContain(`${publicUrl}/password-reset?key=`)
    expect(body).not.toContain('evil')
    for (const url of body.match(/https?:\/\/\S+/g) ?? []) expect(url.startsWith(publicUrl)).toBe(true)
  })
})

describe('security 16: requests for one account', () => {
  test('are limited to three mails an hour, and the last key of those goes on working', async () => {
    const { email } = await register('flooded')
    const other = await register('spared')
    for (let time = 0; time < 12; time += 1) {
      const { status } = await server.request('POST', '/api/user/password_reset_request', {
        body: { email: time % 2 === 0 ? email : email.toUpperCase() },
      })
      expect(status).toBe(200)
    }
    const key = await server.resetKeyFor(email)
    const mailed = server.mails.filter(
      (mail) => mail.recipient === email && mail.body.includes('/password-reset?'),
    )
    expect(mailed).toHaveLength(3)
    expect(await newKey(other.email)).not.toBe('')
    expect((await reset(key)).status).toBe(200)
  })
})
