import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startTestServer, type TestServer } from '../start-test-server.ts'
import { headersOf, password } from './attempts.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
  for (const username of ['known', 'disabled', 'locked', 'locked-here'])
    await server.client().auth.register.mutate({ username, email: `${username}@example.com`, password })
  const admin = server.client('admin')
  const [disabled] = (await admin.auth.users.list.query({ q: 'disabled@' })).items
  if (disabled !== undefined) await admin.auth.users.update.mutate({ id: disabled.id, disabled: true })
  await server.client().auth.login.mutate({ username: 'locked-here', password })
  const { kysely } = server.database
  const later = sql<string>`now() + interval '1 hour'`
  await kysely
    .updateTable('user_account')
    .set({ locked_until: later })
    .where('username', '=', 'locked')
    .execute()
  await kysely.updateTable('known_network').set({ locked_until: later }).execute()
})
afterAll(() => server[Symbol.asyncDispose]())

const tries = [
  ['nobody', 'wrong'],
  ['known', 'wrong'],
  ['disabled', 'wrong'],
  ['disabled', password],
  ['locked', 'wrong'],
  ['locked', password],
  ['locked-here', 'wrong'],
  ['locked-here', password],
] as const

const paths = ['/api/user/login', '/api/user/login_session', '/trpc/auth.login', '/trpc/auth.loginSession']

describe('security 05: a login that fails tells nothing of the account', () => {
  test.each(paths)('the same status, body and headers: %s', async (path) => {
    const answers = await Promise.all(
      tries.map(([username, typed]) => server.request('POST', path, { body: { username, password: typed } })),
    )
    const seen = answers.map((answer) => ({
      status: answer.status,
      text: answer.text.replaceAll(String(answer.headers.get('x-request-id')), 'the request'),
      headers: headersOf(answer),
    }))
    const [first] = seen
    expect(first?.text).toContain('wrong-credentials')
    expect(seen).toEqual(tries.map(() => first))
  })

  test('the same when a limit is met', async () => {
    await using strict = await startTestServer({ limits: { loginsPerMinute: 1 } })
    await strict.client().auth.register.mutate({ username: 'known', email: 'known@example.com', password })
    const refused = async (username: string) => {
      const body = { username, password: 'wrong' }
      await strict.request('POST', '/api/user/login', { body })
      return strict.request('POST', '/api/user/login', { body })
    }
    const [known, unknown] = [await refused('known'), await refused('nobody')]
    const apart = new Set(['retry-after', 'ratelimit'])
    const fixed = (answer: typeof known) =>
      Object.entries(headersOf(answer)).filter(([name]) => !apart.has(name))
    expect([known.status, unknown.status]).toEqual([429, 429])
    expect(fixed(known)).toEqual(fixed(unknown))
    expect([...known.headers.keys()]).toEqual([...unknown.headers.keys()])
  })

  test('the same steps, so that it takes as long', async () => {
    const { logins } = server.database.stores
    const steps = {
      enter: vi.spyOn(logins, 'enter'),
      verify: vi.spyOn(server.passwords, 'verify'),
      succeed: vi.spyOn(logins, 'succeed'),
      count: vi.spyOn(logins, 'countFailure'),
      find: vi.spyOn(server.database.stores.users, 'findByLogin'),
      transaction: vi.spyOn(server.database, 'transaction'),
    }
    for (const [username, typed] of tries) {
      for (const step of Object.values(steps)) step.mockClear()
      await server.request('POST', '/api/user/login', { body: { username, password: typed } })
      const taken = Object.values(steps).map(({ mock }) => mock.calls.length)
      expect(taken, `${username} ${typed}`).toEqual([1, 1, 0, 1, 0, 0])
    }
  })

  test('a reset request for an address that nobody has answers as one for an account does', async () => {
    const answers = await Promise.all(
      ['known@example.com', 'nobody@example.com'].map((email) =>
        server.request('POST', '/api/user/password_reset_request', { body: { email } }),
      ),
    )
    const [known, unknown] = answers.map((answer) => [answer.status, answer.text, headersOf(answer)])
    expect(known).toEqual(unknown)
  })
})
