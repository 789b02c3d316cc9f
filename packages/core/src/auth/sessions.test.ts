import { newId, type Caller, type UserId } from '@casebook/api'
import { openTestDatabase, type TestDatabase } from '@casebook/db/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSessions, hashToken, type SessionKind, type Sessions } from './sessions.ts'

const caller: Caller = {
  user: null,
  session: null,
  requestId: 'test',
  address: '127.0.0.1',
  userAgent: null,
  precondition: undefined,
  idempotency: undefined,
}

let database: TestDatabase
let sessions: Sessions
beforeEach(async () => {
  database = await openTestDatabase()
  const demands = { mfa: false, verifiedEmail: false }
  sessions = createSessions(database.stores, { idleMinutes: 30, tokenMinutes: 720, demands })
})
afterEach(() => database[Symbol.asyncDispose]())

async function addAccount(username: string): Promise<UserId> {
  const id = newId('user')
  const email = `${username}@example.com`
  await database.transaction((tx) =>
    tx.userWriter.insert({ id, username, email, role: 'reader', passwordHash: 'none' }),
  )
  return id
}

async function start(userId: UserId, kind: SessionKind = 'bearer'): Promise<string> {
  const { token, session } = sessions.make(userId, { kind, caller })
  await database.stores.logins.succeed(session, { network: '192.0.2.1', takes: [], epoch: 0 })
  return token
}

/** Tells when a session that is used next would end, in milliseconds from now. */
async function expiryOf(token: string): Promise<number> {
  const row = await database.kysely
    .selectFrom('session')
    .select('expires_at')
    .where('id', '=', hashToken(token))
    .executeTakeFirstOrThrow()
  return new Date(row.expires_at).getTime() - Date.now()
}

async function setExpiry(token: string, ms: number): Promise<void> {
  await database.stores.sessions.extend(hashToken(token), new Date(Date.now() + ms))
}

test('gives each of many simultaneous tokens its own account, and none to one that is unknown', async () => {
  const ids = await Promise.all(Array.from({ length: 20 }, (_, index) => addAccount(`reader-${index}`)))
  const tokens = await Promise.all(ids.map((id) => start(id)))
  const asked = [...tokens, 'unknown', ...tokens.toReversed()]
  const found = await Promise.all(asked.map((token) => sessions.authenticate(token, 'bearer')))
  expect(found.map((one) => one?.user.id ?? null)).toEqual([...ids, null, ...ids.toReversed()])
})

test('refuses a token as a cookie, and a cookie as a token', async () => {
  const id = await addAccount('reader')
  expect(await sessions.authenticate(await start(id, 'bearer'), 'cookie')).toBeNull()
  expect(await sessions.authenticate(await start(id, 'cookie'), 'bearer')).toBeNull()
})

test('what happens to an account and its session tells on the next call, also while others are under way', async () => {
  const id = await addAccount('reader')
  const token = await start(id)
  const busy = () => Array.from({ length: 8 }, () => sessions.authenticate(token, 'bearer'))

  const whileReader = busy()
  await database.transaction((tx) => tx.userWriter.update(id, { role: 'admin' }))
  const promoted = await sessions.authenticate(token, 'bearer')
  expect(promoted?.user.role).toBe('admin')

  const whileEnabled = busy()
  await database.transaction((tx) => tx.userWriter.update(id, { disabled: true }))
  expect(await sessions.authenticate(token, 'bearer')).toBeNull()

  await database.transaction((tx) => tx.userWriter.update(id, { disabled: false }))
  const whileLive = busy()
  await database.stores.sessions.deleteAll(id)
  expect(await sessions.authenticate(token, 'bearer')).toBeNull()
  await Promise.all([...whileReader, ...whileEnabled, ...whileLive])
})

test('a cookie that is used in the second half of its life lives on, a token does not', async () => {
  const id = await addAccount('reader')
  const minutes = 60_000
  const cookie = await start(id, 'cookie')
  await setExpiry(cookie, 20 * minutes)
  await sessions.authenticate(cookie, 'cookie')
  expect(await expiryOf(cookie)).toBeLessThan(21 * minutes)
  await setExpiry(cookie, 10 * minutes)
  await Promise.all([1, 2, 3].map(() => sessions.authenticate(cookie, 'cookie')))
  expect(await expiryOf(cookie)).toBeGreaterThan(29 * minutes)
  const token = await start(id)
  await setExpiry(token, 10 * minutes)
  await sessions.authenticate(token, 'bearer')
  expect(await expiryOf(token)).toBeLessThan(11 * minutes)
})

test('a cookie that is used while its session ends stays ended', async () => {
  const id = await addAccount('reader')
  const cookie = await start(id, 'cookie')
  await setExpiry(cookie, 60_000)
  const used = [1, 2, 3, 4].map(() => sessions.authenticate(cookie, 'cookie'))
  await Promise.all([...used, database.stores.sessions.deleteAll(id)])
  expect(await sessions.authenticate(cookie, 'cookie')).toBeNull()
})

test('an error of the database reaches every caller', async () => {
  const token = await start(await addAccount('reader'))
  await database.kysely.schema.alterTable('session').renameTo('away').execute()
  const outcomes = await Promise.allSettled(
    Array.from({ length: 5 }, () => sessions.authenticate(token, 'bearer')),
  )
  expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'rejected'))
  await database.kysely.schema.alterTable('away').renameTo('session').execute()
  expect(await sessions.authenticate(token, 'bearer')).not.toBeNull()
})
