import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCasebookClient } from '@casebook/client'
import type { Database } from '@casebook/db'
import { openTestDatabase, testEngine } from '@casebook/db/testing'
import { sql } from 'kysely'
import { TOTP } from 'otpauth'
import { describe, expect, test, vi } from 'vitest'
import { createServers } from '../run-server.ts'
import { startTestServer, type TestServer } from '../start-test-server.ts'
import { names, outcomeOf, password, post, tally, together, transports, type Outcome } from './attempts.ts'

/** Lets an hour pass for all limits. */
const anHourLater = ({ database }: TestServer) =>
  sql`update rate_limit set full_at = full_at - interval '1 hour'`.execute(database.kysely)

/** Lets many statements meet at the limits: holds all their rows until more than twenty of them wait. */
async function untilTheyMeet({ kysely }: Database, work: () => void): Promise<void> {
  const waiting = async () => {
    const { rows } = await sql`select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(kysely)
    return rows.length
  }
  await kysely.transaction().execute(async (tx) => {
    await sql`select from rate_limit for update`.execute(tx)
    work()
    await expect.poll(waiting, { timeout: 4000 }).toBeGreaterThan(20)
  })
}

const register = (server: TestServer, username: string) =>
  outcomeOf(server.client().auth.register.mutate({ username, email: `${username}@example.com`, password }))

describe('security 06: limits are exact', () => {
  test.runIf(testEngine === 'postgres')('four processes let ten through, not one more', async () => {
    await using database = await openTestDatabase()
    const folder = mkdtempSync(join(tmpdir(), 'casebook-limits-'))
    const servers = createServers(folder)
    try {
      const env = {
        DATABASE_URL: database.url ?? '',
        UNSAFE_DATABASE: 'true',
        LOG_LEVEL: 'error',
        LIMIT_LOGINS_PER_ADDRESS: '10',
      }
      const all = await together(4, () => servers.serve([], env))
      const tryOnce = (index: number) => {
        const target = all[index % all.length] ?? { url: '' }
        const attempt = transports[index % 8 < 4 ? 'REST' : 'tRPC']
        return attempt(target, { username: `user-${index}` })
      }
      const first = await tryOnce(0)
      let others: Promise<Outcome>[] = []
      await untilTheyMeet(database, () => {
        others = Array.from({ length: 80 }, (_, index) => tryOnce(index + 1))
      })
      const outcomes = [first, ...(await Promise.all(others))]
      expect(tally(outcomes)).toEqual({ 'wrong-credentials': 10, 'too-many-requests': 71 })
    } finally {
      await servers.endAll()
      rmSync(folder, { recursive: true })
    }
  })

  test('both transports count together, and nothing is hashed beyond the limit', async () => {
    await using server = await startTestServer({ limits: { loginsPerMinute: 4 } })
    const verify = vi.spyOn(server.passwords, 'verify')
    const outcomes = await together(20, (index) =>
      transports[names[index % 2] ?? 'REST'](server, {
        username: index < 10 ? 'Reader' : 'reader',
        typed: 'no',
      }),
    )
    expect(tally(outcomes)).toEqual({ 'wrong-credentials': 4, 'too-many-requests': 16 })
    expect(verify).toHaveBeenCalledTimes(4)
    expect((await transports.REST(server, { username: 'editor', typed: 'no' })).outcome).toBe(
      'wrong-credentials',
    )
  })

  test('a refusal says how long to wait, and that is as long as it takes', async () => {
    await using server = await startTestServer({ limits: { loginsPerMinute: 2 } })
    const body = { username: 'reader', password: 'no' }
    for (let n = 0; n < 2; n += 1) await server.request('POST', '/api/user/login', { body })
    const { status, headers, json } = await server.request('POST', '/api/user/login', { body })
    const seconds = Number(headers.get('retry-after'))
    expect([status, headers.get('ratelimit-policy'), headers.get('ratelimit')]).toEqual([
      429,
      '"login";q=2;w=60',
      `"login";r=0;t=${seconds}`,
    ])
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThanOrEqual(30)
    expect(json).toMatchObject({
      code: 'TOO_MANY_REQUESTS',
      detail: `Too many failed logins with this user name from your address: try again in ${seconds} seconds.`,
    })
    const rpc = await server.request('POST', '/trpc/auth.login', { body })
    expect([rpc.status, rpc.headers.get('ratelimit-policy'), rpc.headers.has('retry-after')]).toEqual([
      429,
      '"login";q=2;w=60',
      true,
    ])
    const { kysely } = server.database
    await sql`update rate_limit set full_at = full_at - interval '1 second' * ${seconds - 2}`.execute(kysely)
    expect((await transports.tRPC(server, { username: 'reader', typed: 'no' })).outcome).toBe(
      'too-many-requests',
    )
    await sql`update rate_limit set full_at = full_at - interval '2 seconds'`.execute(kysely)
    expect((await transports.tRPC(server, { username: 'reader', typed: 'no' })).outcome).toBe(
      'wrong-credentials',
    )
  })

  test('logins that succeed do not count, so that an office behind one address goes on', async () => {
    await using server = await startTestServer({ limits: { loginsPerMinute: 3, loginsPerAddress: 3 } })
    for (let n = 0; n < 8; n += 1)
      expect(
        (
          await transports[names[n % 2] ?? 'REST'](server, {
            username: 'reader',
            typed: 'reader-of-casebook',
          })
        ).outcome,
      ).toBe('done')
    expect(
      tally(await together(9, () => transports.REST(server, { username: 'reader', typed: 'no' }))),
    ).toEqual({
      'wrong-credentials': 3,
      'too-many-requests': 6,
    })
  })

  test('one who is refused uses up nothing of what others at the address share', async () => {
    await using server = await startTestServer({ limits: { loginsPerMinute: 2, loginsPerAddress: 4 } })
    await together(20, () => transports.REST(server, { username: 'reader', typed: 'no' }))
    expect(
      tally(
        await together(9, (index) => transports.REST(server, { username: `other-${index}`, typed: 'no' })),
      ),
    ).toEqual({ 'wrong-credentials': 2, 'too-many-requests': 7 })
  })

  test('registrations, by address', async () => {
    await using server = await startTestServer({ limits: { registrationsPerHour: 4 } })
    // Two were made when the server started.
    expect(tally(await together(6, (index) => register(server, `new-${index}`)))).toEqual({
      done: 2,
      'too-many-requests': 4,
    })
    const body = { username: 'more', email: 'more@example.com', password }
    const hash = vi.spyOn(server.passwords, 'hash')
    const refused = await post(server, '/api/user/register', { body })
    expect(refused.outcome).toBe('too-many-requests')
    expect(refused.retryAfterSeconds).toBeLessThanOrEqual(900)
    expect(hash).not.toHaveBeenCalled()
    await anHourLater(server)
    expect((await post(server, '/api/user/register', { body })).outcome).toBe('done')
  })

  test('reset requests, by address; mails by account, and beyond these the answer stays', async () => {
    await using server = await startTestServer({ limits: { resetsPerHour: 6 } })
    const ask = (email: string) => post(server, '/api/user/password_reset_request', { body: { email } })
    const asked = ['reader@casebook.example', 'READER@casebook.example']
    const outcomes = await together(5, (index) => ask(asked[index % 2] ?? ''))
    expect(tally(outcomes)).toEqual({ done: 5 })
    await server.resetKeyFor('reader@casebook.example')
    expect(server.mails.filter(({ subject }) => subject.startsWith('Reset'))).toHaveLength(3)
    expect((await ask('editor@casebook.example')).outcome).toBe('done')
    expect((await ask('nobody@example.com')).outcome).toBe('too-many-requests')
  })

  test('resets, by address: each hashes a password, whatever its key', async () => {
    await using server = await startTestServer()
    const hash = vi.spyOn(server.passwords, 'hash')
    const outcomes = await together(64, (index) => {
      const body = { key: `guess-${index}`, password }
      return index % 2 === 0
        ? post(server, '/api/user/password_reset', { body })
        : outcomeOf(server.client().auth.resetPassword.mutate(body))
    })
    expect(tally(outcomes)).toEqual({ 'invalid-reset-key': 60, 'too-many-requests': 4 })
    expect(hash).toHaveBeenCalledTimes(60)
  })

  test('changes of a password, by account: who has a session alone cannot guess it', async () => {
    await using server = await startTestServer()
    const body = { currentPassword: 'no', newPassword: password }
    const headers = { authorization: `Bearer ${server.tokenOf('reader')}` }
    const client = createCasebookClient({ url: server.url, retries: 0, token: server.tokenOf('reader') })
    const outcomes = await together(12, (index) =>
      index % 2 === 0
        ? post(server, '/api/user/password', { body, headers })
        : outcomeOf(client.auth.changePassword.mutate(body)),
    )
    expect(tally(outcomes)).toEqual({ 'wrong-password': 10, 'too-many-requests': 2 })
    const other = server.client('editor').auth.changePassword.mutate(body)
    expect((await outcomeOf(other)).outcome).toBe('wrong-password')
  })

  test('first codes of an authenticator app, by account: who has a session alone cannot guess one', async () => {
    await using server = await startTestServer()
    const { auth } = server.client('reader')
    const { secret } = await auth.totp.enroll.mutate({ currentPassword: 'reader-of-casebook' })
    const headers = { authorization: `Bearer ${server.tokenOf('reader')}` }
    const body = { code: 'guess' }
    const outcomes = await together(12, (index) =>
      index % 2 === 0
        ? post(server, '/api/user/totp/confirm', { body, headers })
        : outcomeOf(auth.totp.confirm.mutate(body)),
    )
    expect(tally(outcomes)).toEqual({ 'wrong-second-factor': 10, 'too-many-requests': 2 })
    const right = { code: new TOTP({ secret }).generate() }
    expect((await outcomeOf(auth.totp.confirm.mutate(right))).outcome).toBe('too-many-requests')
    await anHourLater(server)
    expect((await outcomeOf(auth.totp.confirm.mutate(right))).outcome).toBe('done')
  })

  test('failures in a row survive a crash, and what is swept is over', async () => {
    await using server = await startTestServer()
    const { kysely, stores } = server.database
    const { rows } = await sql<{ name: string; kind: string }>`select relname as name, relpersistence as kind
      from pg_class where relname in ('user_account', 'known_network', 'rate_limit')`.execute(kysely)
    expect(Object.fromEntries(rows.map(({ name, kind }) => [name, kind]))).toEqual({
      user_account: 'p',
      known_network: 'p',
      rate_limit: 'u',
    })
    const count = async () => (await sql`select from rate_limit`.execute(kysely)).rows.length
    await transports.REST(server, { username: 'nobody' })
    const before = await count()
    await sql`update rate_limit set full_at = now() + interval '1 hour' where key = (select min(key) from rate_limit)`.execute(
      kysely,
    )
    await sql`update rate_limit set full_at = now() - interval '1 second' where key <> (select min(key) from rate_limit)`.execute(
      kysely,
    )
    await stores.limits.sweep()
    expect([before > 1, await count()]).toEqual([true, 1])
  })

  test('without limits nothing is refused, and an account locks all the same', async () => {
    await using server = await startTestServer({
      limits: { isOn: false, loginsPerMinute: 1, registrationsPerHour: 1 },
    })
    await register(server, 'unlimited')
    const outcomes = await together(12, () => transports.REST(server, { username: 'unlimited', typed: 'no' }))
    expect(tally(outcomes)).toEqual({ 'wrong-credentials': 12 })
    expect((await transports.REST(server, { username: 'unlimited' })).outcome).toBe('wrong-credentials')
  })
})
