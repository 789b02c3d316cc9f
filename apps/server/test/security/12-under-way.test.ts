import { testEngine } from '@casebook/db/testing'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientAt, codeOf, createClock, enroll, type Enrolled } from '../authenticator.ts'
import { startTestServer, type Received, type TestServer } from '../start-test-server.ts'

const clock = createClock()
const newPassword = 'six brave lanterns hum'
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ now: clock.now })
})
afterAll(() => server[Symbol.asyncDispose]())

type Account = Pick<Enrolled, 'username' | 'email' | 'password' | 'token'>
const password = 'nine tired otters swim'
let accounts = 0
async function addAccount(): Promise<Account & { id: string }> {
  accounts += 1
  const username = `under-way-${accounts}`
  const email = `${username}@example.com`
  const { user } = await server.client().auth.register.mutate({ username, email, password })
  const { token } = await server.client().auth.login.mutate({ username, password })
  return { id: user.id, username, email, password, token }
}

const post = (path: string, body: object, { token }: { token?: string } = {}): Promise<Received> =>
  server.request('POST', path, {
    body,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  })
const reset = async ({ email }: Account) => {
  await server.client().auth.requestPasswordReset.mutate({ email })
  const key = await server.resetKeyFor(email)
  return () => post('/api/user/password_reset', { key, password: newPassword })
}
const change = (account: Account, to = newPassword) =>
  post('/api/user/password', { currentPassword: account.password, newPassword: to }, account)
const statusOfMe = async (token: string) =>
  (await server.request('GET', '/api/user/me', { headers: { authorization: `Bearer ${token}` } })).status

/** How many statements wait for a lock. */
async function waiting(): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(server.database.kysely)
  return rows[0]?.count ?? 0
}

/**
 * Lets the first come to where it writes into a table, and the second to where it waits for the first or passes by it;
 * then both go on.
 */
async function stalled(
  table: 'mail' | 'audit_entry',
  first: () => Promise<Received>,
  second: () => Promise<Received>,
): Promise<[Received, Received]> {
  const tx = await server.database.kysely.startTransaction().execute()
  await sql`lock table ${sql.table(table)} in share row exclusive mode`.execute(tx)
  const one = first()
  await expect.poll(waiting, { timeout: 5000 }).toBe(1)
  const other = second()
  const passed = other.then(() => 2)
  await expect.poll(async () => Promise.race([passed, waiting()]), { timeout: 5000 }).toBe(2)
  await tx.commit().execute()
  return Promise.all([one, other])
}

describe.runIf(testEngine === 'postgres')('security 12: what is under way ends as well', () => {
  const logins = ['/api/user/login', '/api/user/login_session'] as const

  test.each(logins)('a login by the old password while it is reset: %s', async (path) => {
    const account = await addAccount()
    const { username } = account
    const [done, login] = await stalled('mail', await reset(account), () =>
      post(path, { username, password }),
    )
    expect([done.status, login.status]).toEqual([200, 400])
    expect(await statusOfMe(account.token)).toBe(401)
    expect((await post(path, { username, password: newPassword })).status).toBe(200)
  })

  test('a login by the old password while it is changed', async () => {
    const account = await addAccount()
    const { username } = account
    const [done, login] = await stalled(
      'mail',
      () => change(account),
      () => post(logins[0], { username, password }),
    )
    expect([done.status, login.status]).toEqual([200, 400])
  })

  test('a login while the account is disabled', async () => {
    const { id, username } = await addAccount()
    const set = (disabled: boolean) =>
      server.request('PATCH', `/api/users/${id}`, { as: 'admin', body: { disabled } })
    const [done, login] = await stalled(
      'audit_entry',
      () => set(true),
      () => post(logins[0], { username, password }),
    )
    expect([done.status, login.status]).toEqual([200, 400])
    expect((await set(false)).status).toBe(200)
    expect((await post(logins[0], { username, password })).status).toBe(200)
  })

  test('a login by the password alone while a second factor is confirmed', async () => {
    const account = await addAccount()
    const { secret } = await clientAt(server, account.token).auth.totp.enroll.mutate({
      currentPassword: password,
    })
    const confirm = () => post('/api/user/totp/confirm', { code: codeOf(secret, clock) }, account)
    const { username } = account
    const [done, login] = await stalled('mail', confirm, () => post(logins[0], { username, password }))
    expect([done.status, login.status]).toEqual([200, 400])
    expect((await post(logins[0], { username, password })).text).toContain('second-factor-required')
  })

  test('an API key that a thief of a session makes while the password is reset', async () => {
    const account = await addAccount()
    const makeKey = () => post('/api/user/keys', { name: 'mine now', access: 'full' }, account)
    const [done, made] = await stalled('mail', await reset(account), makeKey)
    expect([done.status, made.status]).toEqual([200, 401])
    const { token } = await server
      .client()
      .auth.login.mutate({ username: account.username, password: newPassword })
    expect(await clientAt(server, token).auth.keys.list.query({})).toMatchObject({ items: [] })
  })

  test('a change of the password by who knew the old one, while it is reset', async () => {
    const account = await addAccount()
    const [done, changed] = await stalled('mail', await reset(account), () =>
      change(account, 'a thief likes this one'),
    )
    expect([done.status, changed.status]).toEqual([200, 401])
    const { username } = account
    expect((await post(logins[0], { username, password: newPassword })).status).toBe(200)
  })

  test('a change of the password from another session, while it is changed', async () => {
    const account = await addAccount()
    const { token } = await server.client().auth.login.mutate({ username: account.username, password })
    const [done, changed] = await stalled(
      'mail',
      () => change(account),
      () => change({ ...account, token }, 'a thief likes this one'),
    )
    expect([done.status, changed.status]).toEqual([200, 401])
  })

  test('a change of the address by the thief of a session, while the password is reset', async () => {
    const account = await addAccount()
    const headers = { authorization: `Bearer ${account.token}` }
    const [done, changed] = await stalled('mail', await reset(account), () =>
      server.request('PATCH', '/api/user/me', { body: { email: `thief-of-${account.email}` }, headers }),
    )
    expect([done.status, changed.status]).toEqual([200, 401])
  })
})

test('what is under way with the same session goes on after its own change of the password', async () => {
  const account = await enroll(server, clock, 'under-way-same')
  expect(await statusOfMe(account.token)).toBe(200)
  expect((await change(account)).status).toBe(200)
  expect(await statusOfMe(account.token)).toBe(200)
  const made = await post('/api/user/keys', { name: 'mine', access: 'read' }, account)
  expect(made.status).toBe(201)
})
