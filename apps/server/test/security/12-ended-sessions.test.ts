import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  callRest,
  callTrpc,
  cookieOf,
  logIn,
  makeKey,
  startTwoServers,
  statusesOf,
  type Credential,
  type TwoServers,
} from '../credentials.ts'

const password = 'four quiet herons wade'
let two: TwoServers
beforeAll(async () => {
  two = await startTwoServers()
})
afterAll(() => two[Symbol.asyncDispose]())

async function addAccount(username: string): Promise<void> {
  const body = { username, email: `${username}@example.com`, password }
  const { status } = await callRest(two.urls[0], ['POST', '/api/user/register'], { body })
  expect(status).toBe(201)
}

const enter = (username: string, as: Credential['as'] = 'bearer', at: 0 | 1 = 0) =>
  logIn(two.urls[at], username, { as, password })
const statuses = (credential: Credential) => statusesOf(two.urls, credential)

async function currentId(credential: Credential): Promise<string> {
  const { json } = await callRest(two.urls[0], ['GET', '/api/user/sessions'], { credential })
  return (json as { id: string; current: boolean }[]).find(({ current }) => current)?.id ?? ''
}

describe('security 12: what ends a session ends it at once, in every process', () => {
  test.each(['bearer', 'cookie'] as const)('a logout, by %s; a second one is harmless', async (as) => {
    const username = `out-${as}`
    await addAccount(username)
    const [ended, other] = [await enter(username, as), await enter(username, as, 1)]
    expect(await statuses(ended)).toEqual([200])
    const first = await callRest(two.urls[1], ['POST', '/api/user/logout_session'], { credential: ended })
    expect([first.status, cookieOf(first.headers)]).toEqual([200, ''])
    expect(await statuses(ended)).toEqual([401])

    const again = await callRest(two.urls[0], ['POST', '/api/user/logout_session'], { credential: ended })
    expect(again.status).toBe(as === 'cookie' ? 400 : 401)
    const overTrpc = await callTrpc(two.urls[0], ['mutation', 'auth.logout'], { credential: ended })
    expect(overTrpc.status).toBe(401)
    expect(await statuses(other)).toEqual([200])
  })

  test('one that is revoked, of either kind; that of another account is not there', async () => {
    await addAccount('revoking')
    const keeps = await enter('revoking')
    for (const as of ['bearer', 'cookie'] as const) {
      const ended = await enter('revoking', as, 1)
      const path = `/api/user/sessions/${await currentId(ended)}`
      const stranger: Credential = { as: 'bearer', text: two.server.tokenOf('reader') }
      expect((await callRest(two.urls[0], ['DELETE', path], { credential: stranger })).status).toBe(404)
      expect(await statuses(ended)).toEqual([200])
      expect((await callRest(two.urls[0], ['DELETE', path], { credential: keeps })).status).toBe(204)
      expect(await statuses(ended)).toEqual([401])
    }
    expect(await statuses(keeps)).toEqual([200])
  })

  test('all others, and then all', async () => {
    await addAccount('everywhere')
    const all = [await enter('everywhere'), await enter('everywhere', 'cookie', 1), await enter('everywhere')]
    const [credential, ...others] = all as [Credential, ...Credential[]]
    const { json } = await callRest(two.urls[1], ['POST', '/api/user/logout_others'], { credential })
    expect(json).toEqual({ message: 'All 2 other sessions are ended.' })
    for (const other of others) expect(await statuses(other)).toEqual([401])
    expect(await statuses(credential)).toEqual([200])
    await enter('everywhere', 'cookie')
    const ended = await callTrpc(two.urls[1], ['mutation', 'auth.sessions.revokeAll'], { credential })
    expect(ended.json).toMatchObject({ result: { data: { message: 'All 2 sessions are ended.' } } })
    expect(await statuses(credential)).toEqual([401])
  })

  test('a password reset: sessions of both kinds, and API keys', async () => {
    await addAccount('resetting')
    const email = 'resetting@example.com'
    const sessions = [await enter('resetting'), await enter('resetting', 'cookie', 1)] as const
    const key = await makeKey(two.urls[0], sessions[0])
    for (const one of [...sessions, key]) expect(await statuses(one)).toEqual([200])
    await callRest(two.urls[0], ['POST', '/api/user/password_reset_request'], { body: { email } })
    const reset = { key: await two.server.resetKeyFor(email), password: 'nine tired otters swim' }
    const done = await callRest(two.urls[1], ['POST', '/api/user/password_reset'], { body: reset })
    expect(done.status).toBe(200)
    for (const one of [...sessions, key]) expect(await statuses(one)).toEqual([401])
  })

  test('a changed password: every session but the one that changed it', async () => {
    await addAccount('changing')
    const [credential, other] = [await enter('changing'), await enter('changing', 'cookie', 1)]
    const body = { currentPassword: password, newPassword: 'nine tired otters swim' }
    const { status } = await callRest(two.urls[1], ['POST', '/api/user/password'], { credential, body })
    expect(status).toBe(200)
    expect(await statuses(other)).toEqual([401])
    expect(await statuses(credential)).toEqual([200])
  })
})
