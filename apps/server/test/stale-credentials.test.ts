import { createCasebookClient } from '@casebook/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from './start-test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const body = { username: 'reader', password: 'reader-of-casebook' }
const stale = { authorization: 'Bearer stale' }

test('one logs in anew with a token that is no longer good, over REST', async () => {
  const login = await server.request('POST', '/api/user/login', { body, headers: stale })
  expect(login.status).toBe(200)
  const session = await server.request('POST', '/api/user/login_session', { body, headers: stale })
  expect(session.status).toBe(200)
  expect((await server.request('GET', '/api/books?limit=1', { headers: stale })).status).toBe(401)
  expect((await server.request('GET', '/api/user/me', { headers: stale })).status).toBe(401)
})

test('and by the typed client that holds it; other calls of the same batch are refused', async () => {
  const client = createCasebookClient({ url: server.url, retries: 0, token: 'stale' })
  const [login, me] = await Promise.allSettled([client.auth.login.mutate(body), client.auth.me.query()])
  expect(login.status).toBe('fulfilled')
  expect(me).toMatchObject({ status: 'rejected', reason: { reason: 'not-authenticated' } })
})

test('a registration with such a token is still done once for its idempotency key', async () => {
  const client = createCasebookClient({ url: server.url, retries: 0, token: 'stale' })
  const input = { username: 'nadia', email: 'nadia@example.com', password: 'four quiet herons wade' }
  const options = { idempotencyKey: 'the-same' }
  const first = await client.auth.register.mutate(input, options)
  expect(await client.auth.register.mutate(input, options)).toEqual(first)
})

test('an Authorization header without a token is none, as documentation pages send it', async () => {
  for (const authorization of ['Bearer', 'Bearer ']) {
    const headers = { authorization }
    expect((await server.request('GET', '/api/books?limit=1', { headers })).status).toBe(200)
    expect((await server.request('GET', '/records?limit=1', { headers })).status).toBe(401)
  }
  const headers = { authorization: 'Basic cmVhZGVyOnJlYWRlcg==' }
  expect((await server.request('GET', '/api/books?limit=1', { headers })).status).toBe(401)
})
