import { randomBytes } from 'node:crypto'
import { newId, type UserId } from '@casebook/api'
import type { NewSession } from '@casebook/db'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../start-test-server.ts'
import { names, password, tally, together, transports, type Outcome } from './attempts.ts'

const home = '203.0.113.7'
const stranger = '198.51.100.9'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ trustProxy: '127.0.0.1' })
})
afterAll(() => server[Symbol.asyncDispose]())

let accounts = 0
/** Makes an account that has logged in from these addresses. */
async function addAccount(...from: readonly string[]): Promise<string> {
  accounts += 1
  const username = `owner-${accounts}`
  await server.client().auth.register.mutate({ username, email: `${username}@example.com`, password })
  for (const address of from) expect(await login(username, address)).toBe('done')
  return username
}

const attempt = (username: string, from: string, typed: string): Promise<Outcome> => {
  const transport = names[from.length % 2] ?? 'REST'
  return transports[transport](server, { username, typed, from })
}
const login = async (username: string, from: string) => (await attempt(username, from, password)).outcome
const fail = async (username: string, from: string, times: number) => {
  for (let n = 0; n < times; n += 1) await attempt(username, from, `wrong ${n}`)
}

/** How long an account is locked for strangers, in minutes. */
async function pauseOf(username: string): Promise<number | null> {
  const { rows } = await sql<{ minutes: number | null }>`
    select round(extract(epoch from locked_until - now()) / 60)::int as minutes from user_account
    where username = ${username}`.execute(server.database.kysely)
  return rows[0]?.minutes ?? null
}

/** Lets the pause be over for a second: the column keeps milliseconds, to which now() would be rounded up as often as not. */
const endPause = (username: string) =>
  sql`update user_account set locked_until = now() - interval '1 second' where username = ${username}`.execute(
    server.database.kysely,
  )

const sessionOf = (userId: UserId): NewSession => {
  const expiresAt = new Date(Date.now() + 60_000)
  const id = randomBytes(16).toString('hex')
  return {
    id,
    publicId: newId('session'),
    userId,
    kind: 'bearer',
    expiresAt,
    absoluteExpiresAt: expiresAt,
    address: null,
    userAgent: null,
  }
}
const succeed = (session: NewSession) =>
  server.database.stores.logins.succeed(session, { network: stranger, takes: [], epoch: 0 })
const isStored = async ({ id }: NewSession) => (await server.database.stores.sessions.findLive([id])).has(id)

describe('security 07: guessing locks out who guesses, not the owner', () => {
  test('ten wrong passwords in a row lock an account, and a reset opens it', async () => {
    const username = await addAccount()
    await fail(username, stranger, 9)
    expect(await login(username, stranger)).toBe('done')
    await fail(username, '198.51.100.10', 10)
    expect(await login(username, '198.51.100.11')).toBe('wrong-credentials')
    await server.client().auth.requestPasswordReset.mutate({ email: `${username}@example.com` })
    const key = await server.resetKeyFor(`${username}@example.com`)
    await server.client().auth.resetPassword.mutate({ key, password })
    expect(await login(username, '198.51.100.11')).toBe('done')
  })

  test('guesses that are made at once are judged ten times, not once more', async () => {
    const username = await addAccount()
    await together(30, (index) => attempt(username, `198.51.100.${index}`, 'wrong'))
    const { rows } = await sql<{ count: number }>`select failed_logins as count from user_account
      where username = ${username}`.execute(server.database.kysely)
    expect(rows).toEqual([{ count: 10 }])
  })

  test('a password that is right comes too late once others have locked the account', async () => {
    const username = await addAccount()
    const { logins } = server.database.stores
    const { account } = await logins.enter({ login: username, network: stranger, takes: [] })
    if (account === null) throw new Error('there is no account')
    await fail(username, stranger, 10)
    expect(account.isLocked).toBe(false)
    const { id } = account.user
    expect(await logins.giveBack(id, { network: stranger, takes: [], epoch: account.epoch })).toBe(false)
    const session = sessionOf(id)
    expect(await succeed(session)).toBe(false)
    expect(await isStored(session)).toBe(false)
    await endPause(username)
    expect(await succeed(session)).toBe(true)
    expect(await isStored(session)).toBe(true)
  })

  test('the pauses grow, up to a day; what is tried meanwhile does not lengthen them', async () => {
    const username = await addAccount()
    await fail(username, stranger, 9)
    expect(await pauseOf(username)).toBeNull()
    const pauses: (number | null)[] = []
    for (let n = 0; n < 9; n += 1) {
      await fail(username, stranger, 3)
      pauses.push(await pauseOf(username))
      await endPause(username)
    }
    expect(pauses).toEqual([15, 30, 60, 120, 240, 480, 960, 1440, 1440])
  })

  test('the owner gets in from where they logged in before, from the same home network too', async () => {
    const username = await addAccount(home, '2001:db8:1:2:aaaa::1')
    await fail(username, stranger, 10)
    expect(await login(username, stranger)).toBe('wrong-credentials')
    expect(await login(username, home)).toBe('done')
    expect(await login(username, '2001:db8:1:2:bbbb::9')).toBe('done')
    expect(await login(username, '2001:db8:1:3::1')).toBe('wrong-credentials')
    expect(await login(username, '203.0.113.8')).toBe('wrong-credentials')
    expect(await pauseOf(username)).toBe(15)
  })

  test('a network that is known locks by itself: who shares it cannot guess for ever, nor lock the owner out elsewhere', async () => {
    const username = await addAccount(home, '203.0.113.20')
    await fail(username, home, 10)
    expect(await login(username, home)).toBe('wrong-credentials')
    expect(await login(username, '203.0.113.20')).toBe('done')
    expect(await login(username, stranger)).toBe('done')
  })

  test('an account is known at five networks, those used last, and at none for longer than a month', async () => {
    const addresses = [1, 2, 3, 4, 5, 6].map((n) => `203.0.113.${100 + n}`)
    const username = await addAccount(...addresses)
    await fail(username, stranger, 10)
    const outcomes: string[] = []
    for (const address of addresses) outcomes.push(await login(username, address))
    expect(outcomes).toEqual(['wrong-credentials', 'done', 'done', 'done', 'done', 'done'])
    await sql`update known_network set used_at = now() - interval '31 days'`.execute(server.database.kysely)
    expect(await login(username, addresses[5] ?? '')).toBe('wrong-credentials')
    await server.database.stores.logins.forgetNetworks()
    expect((await sql`select from known_network`.execute(server.database.kysely)).rows).toEqual([])
  })

  test('one password tried on many accounts from one address is stopped', async () => {
    // One more may try each minute, and no test takes that long.
    await using strict = await startTestServer({ limits: { loginsPerAddress: 10 } })
    const outcomes = await together(50, (index) =>
      transports[names[index % 2] ?? 'REST'](strict, { username: `account-${index}`, typed: 'spring-2026' }),
    )
    expect(tally(outcomes)).toEqual({ 'wrong-credentials': 10, 'too-many-requests': 40 })
  })
})
