import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from './start-test-server.ts'

/**
 * Every row of the table of original endpoints, over real HTTP: method, path, what is sent, by whom, and the exact
 * status. `{x}` in a path stands for an id that the fixture knows.
 */
type Row = {
  readonly name: string
  readonly call: readonly [method: string, path: string]
  readonly as?: 'admin' | 'editor' | 'author' | 'clinician' | 'reader' | 'linked'
  readonly body?: unknown
  readonly status: number
  readonly shows?: (answer: { json: unknown; headers: Headers }) => void
}

const password = 'four quiet herons wade'
const account = (name: string) => ({ username: name, email: `${name}@example.com`, password })
const isProblem = ({ json, headers }: { json: unknown; headers: Headers }) => {
  expect(headers.get('content-type')).toContain('application/problem+json')
  expect(json).toMatchObject({
    type: expect.any(String),
    title: expect.any(String),
    status: expect.any(Number),
  })
  expect(json).toMatchObject({ code: expect.any(String), requestId: headers.get('x-request-id') })
}
const isArray = ({ json }: { json: unknown }) => expect(Array.isArray(json)).toBe(true)
const has = (shape: object) => (answer: { json: unknown }) => expect(answer.json).toMatchObject(shape)

const rows: Row[] = [
  {
    name: 'register',
    call: ['POST', '/api/user/register'],
    body: account('rowan'),
    status: 201,
    shows: has({ user: { username: 'rowan', role: 'reader', disabledAt: null } }),
  },
  {
    name: 'register as author',
    call: ['POST', '/api/user/register'],
    body: { ...account('aude'), role: 'author' },
    status: 201,
  },
  {
    name: 'register with a taken name',
    call: ['POST', '/api/user/register'],
    body: { ...account('READER'), email: 'x@example.com' },
    status: 400,
    shows: isProblem,
  },
  {
    name: 'register with a taken address',
    call: ['POST', '/api/user/register'],
    body: { ...account('other'), email: 'Reader@casebook.example' },
    status: 400,
    shows: isProblem,
  },
  {
    name: 'register as admin',
    call: ['POST', '/api/user/register'],
    body: { ...account('eve'), role: 'admin' },
    status: 400,
    shows: isProblem,
  },
  {
    name: 'register with a field too many',
    call: ['POST', '/api/user/register'],
    body: { ...account('mallory'), isAdmin: true },
    status: 400,
    shows: has({ errors: [{ path: 'isAdmin' }] }),
  },
  {
    name: 'register without a password',
    call: ['POST', '/api/user/register'],
    body: { username: 'x', email: 'x@example.com' },
    status: 400,
    shows: isProblem,
  },
  {
    name: 'login',
    call: ['POST', '/api/user/login'],
    body: { username: 'reader', password: 'reader-of-casebook' },
    status: 200,
    shows: has({
      token: expect.any(String),
      expiresAt: expect.stringMatching(/Z$/),
      user: { username: 'reader' },
    }),
  },
  {
    name: 'login with the address',
    call: ['POST', '/api/user/login'],
    body: { username: 'reader@casebook.example', password: 'reader-of-casebook' },
    status: 200,
  },
  {
    name: 'login with a wrong password',
    call: ['POST', '/api/user/login'],
    body: { username: 'reader', password: 'wrong' },
    status: 400,
    shows: isProblem,
  },
  {
    name: 'login of an unknown user',
    call: ['POST', '/api/user/login'],
    body: { username: 'nobody', password: 'wrong' },
    status: 400,
    shows: isProblem,
  },
  {
    name: 'login_session',
    call: ['POST', '/api/user/login_session'],
    body: { username: 'reader', password: 'reader-of-casebook' },
    status: 200,
    shows: ({ json, headers }) => {
      expect(Object.keys(json as object).toSorted()).toEqual(['expiresAt', 'user'])
      expect(headers.get('set-cookie')).toMatch(/casebook_session=.+; Path=\/.*HttpOnly.*SameSite=Lax/i)
    },
  },
  {
    name: 'login_session with a wrong password',
    call: ['POST', '/api/user/login_session'],
    body: { username: 'reader', password: 'x' },
    status: 400,
    shows: isProblem,
  },
  {
    name: 'logout_session without a session',
    call: ['POST', '/api/user/logout_session'],
    status: 400,
    shows: isProblem,
  },
  {
    name: 'logout_session without a session, with a body',
    call: ['POST', '/api/user/logout_session'],
    body: {},
    status: 400,
    shows: isProblem,
  },
  {
    name: 'password_reset_request',
    call: ['POST', '/api/user/password_reset_request'],
    body: { email: 'reader@casebook.example' },
    status: 200,
    shows: has({ message: expect.any(String) }),
  },
  {
    name: 'password_reset_request for an unknown address',
    call: ['POST', '/api/user/password_reset_request'],
    body: { email: 'nobody@example.com' },
    status: 200,
  },
  {
    name: 'password_reset_request, malformed',
    call: ['POST', '/api/user/password_reset_request'],
    body: { email: 'nobody' },
    status: 400,
    shows: isProblem,
  },
  {
    name: 'password_reset with an unknown key',
    call: ['POST', '/api/user/password_reset?key=abc'],
    body: { password },
    status: 400,
    shows: isProblem,
  },
  {
    name: 'password_reset with an unknown key in the body',
    call: ['POST', '/api/user/password_reset'],
    body: { key: 'abc', password },
    status: 400,
    shows: isProblem,
  },
  {
    name: 'password_reset without a key',
    call: ['POST', '/api/user/password_reset'],
    body: { password },
    status: 400,
    shows: isProblem,
  },
  { name: 'books', call: ['GET', '/api/books'], status: 200, shows: isArray },
  { name: 'books with a slash', call: ['GET', '/api/books/'], status: 200, shows: isArray },
  { name: 'records without a credential', call: ['GET', '/records'], status: 401, shows: isProblem },
  { name: 'records as a reader', call: ['GET', '/records'], as: 'reader', status: 403, shows: isProblem },
  { name: 'records as an author', call: ['GET', '/records'], as: 'author', status: 403, shows: isProblem },
  { name: 'records as a clinician', call: ['GET', '/records'], as: 'clinician', status: 200, shows: isArray },
  { name: 'records as an admin', call: ['GET', '/records'], as: 'admin', status: 200, shows: isArray },
  {
    name: 'records of a linked account',
    call: ['GET', '/records'],
    as: 'linked',
    status: 200,
    shows: isArray,
  },
  {
    name: 'a month',
    call: ['GET', '/records/?year=2024&month=5'],
    as: 'clinician',
    status: 200,
    shows: isArray,
  },
  {
    name: 'a month without records',
    call: ['GET', '/records/?year=1801&month=5'],
    as: 'clinician',
    status: 404,
    shows: isProblem,
  },
  { name: 'a year', call: ['GET', '/records/?year=2024'], as: 'clinician', status: 200, shows: isArray },
  {
    name: 'a year without records',
    call: ['GET', '/records?year=1801'],
    as: 'clinician',
    status: 404,
    shows: isProblem,
  },
  {
    name: 'a month alone',
    call: ['GET', '/records/?month=5'],
    as: 'clinician',
    status: 400,
    shows: isProblem,
  },
  {
    name: 'month 13',
    call: ['GET', '/records/?year=2024&month=13'],
    as: 'clinician',
    status: 400,
    shows: isProblem,
  },
  {
    name: 'month 0',
    call: ['GET', '/records/?year=2024&month=0'],
    as: 'clinician',
    status: 400,
    shows: isProblem,
  },
  { name: 'year 0', call: ['GET', '/records/?year=0'], as: 'clinician', status: 400, shows: isProblem },
  {
    name: 'a year that is none',
    call: ['GET', '/records/?year=abc&month=5'],
    as: 'clinician',
    status: 400,
    shows: isProblem,
  },
  {
    name: 'month 13 without a credential',
    call: ['GET', '/records/?year=2024&month=13'],
    status: 401,
    shows: isProblem,
  },
  {
    name: 'a record',
    call: ['GET', '/records/{record}'],
    as: 'clinician',
    status: 200,
    shows: has({ title: 'Encounter for check up' }),
  },
  { name: 'a record with a slash', call: ['GET', '/records/{record}/'], as: 'clinician', status: 200 },
  {
    name: 'a record that is not there',
    call: ['GET', '/records/rec_01jd3xq5e0f2q8n4v6z8a1b3zz'],
    as: 'clinician',
    status: 404,
    shows: isProblem,
  },
  {
    name: 'a patient’s records',
    call: ['GET', '/records/{patient}'],
    as: 'clinician',
    status: 200,
    shows: isArray,
  },
  {
    name: 'the records of the linked patient',
    call: ['GET', '/records/{patient}'],
    as: 'linked',
    status: 200,
    shows: isArray,
  },
  {
    name: 'another patient’s records',
    call: ['GET', '/records/{otherPatient}'],
    as: 'linked',
    status: 404,
    shows: isProblem,
  },
  {
    name: 'another patient’s record',
    call: ['GET', '/records/{otherRecord}'],
    as: 'linked',
    status: 404,
    shows: isProblem,
  },
  {
    name: 'records of a patient that is not there',
    call: ['GET', '/records/pat_01jd3xq5e0f2q8n4v6z8a1b3zz'],
    as: 'clinician',
    status: 404,
    shows: isProblem,
  },
  {
    name: 'any other text for an id',
    call: ['GET', '/records/42'],
    as: 'clinician',
    status: 404,
    shows: isProblem,
  },
  {
    name: 'quotes for an id',
    call: ['GET', "/records/'%20or%201=1"],
    as: 'clinician',
    status: 404,
    shows: isProblem,
  },
  {
    name: 'a book’s id for a record’s',
    call: ['GET', '/records/{book}'],
    as: 'clinician',
    status: 404,
    shows: isProblem,
  },
  {
    name: 'any other text for an id without a credential',
    call: ['GET', '/records/42'],
    status: 401,
    shows: isProblem,
  },
  {
    name: 'a record without a credential',
    call: ['GET', '/records/{record}'],
    status: 401,
    shows: isProblem,
  },
  {
    name: 'a record as a reader',
    call: ['GET', '/records/{record}'],
    as: 'reader',
    status: 403,
    shows: isProblem,
  },
  { name: 'a book’s id that is none', call: ['GET', '/api/books/42'], status: 404, shows: isProblem },
  { name: 'an unknown path', call: ['GET', '/api/nothing'], status: 404, shows: isProblem },
  {
    name: 'a wrong method',
    call: ['DELETE', '/api/books'],
    status: 405,
    shows: ({ headers }) => expect(headers.get('allow')).toMatch(/GET/),
  },
]

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

test.each(rows)('$status for $name', async (row) => {
  const [method, path] = row.call
  const answer = await server.request(method, server.fill(path), {
    ...(row.as === undefined ? {} : { as: row.as }),
    ...('body' in row ? { body: row.body } : {}),
  })
  expect(answer.status, JSON.stringify(answer.json)).toBe(row.status)
  expect(answer.headers.get('x-request-id')).toMatch(/^[\w.~-]{1,64}$/)
  if (answer.status === 401) expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/)
  row.shows?.(answer)
})

test('a session by cookie lives from login to logout, and ends only once', async () => {
  const login = await server.request('POST', '/api/user/login_session', {
    body: { username: 'reader', password: 'reader-of-casebook' },
  })
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? ''
  const headers = { cookie }
  expect((await server.request('GET', '/api/user/me', { headers })).status).toBe(200)
  const logout = await server.request('POST', '/api/user/logout_session', { headers, body: {} })
  expect(logout.status).toBe(200)
  expect(logout.headers.get('set-cookie')).toMatch(/casebook_session=;/)
  expect((await server.request('GET', '/api/user/me', { headers })).status).toBe(401)
  expect((await server.request('POST', '/api/user/logout_session', { headers })).status).toBe(400)
})

test('a token of one kind is refused as the other', async () => {
  const login = await server.request('POST', '/api/user/login_session', {
    body: { username: 'reader', password: 'reader-of-casebook' },
  })
  const value = /=([^;]+)/.exec(login.headers.get('set-cookie') ?? '')?.[1] ?? ''
  const asBearer = { authorization: `Bearer ${value}` }
  expect((await server.request('GET', '/api/user/me', { headers: asBearer })).status).toBe(401)
  const asCookie = { cookie: `casebook_session=${server.tokenOf('reader')}` }
  expect((await server.request('GET', '/api/user/me', { headers: asCookie })).status).toBe(401)
})

test('a reset by mail changes the password once', async () => {
  const user = account('resetting')
  await server.request('POST', '/api/user/register', { body: user })
  await server.request('POST', '/api/user/password_reset_request', { body: { email: user.email } })
  const key = await server.resetKeyFor(user.email)
  const refused = await server.request('POST', `/api/user/password_reset?key=${key}`, {
    body: { password: 'password' },
  })
  expect(refused.status).toBe(400)
  const next = 'seven loud magpies bathe'
  const done = await server.request('POST', `/api/user/password_reset?key=${key}`, {
    body: { password: next },
  })
  expect(done.status, JSON.stringify(done.json)).toBe(200)
  const again = await server.request('POST', `/api/user/password_reset?key=${key}`, {
    body: { password: next },
  })
  expect(again.status).toBe(400)
  const login = (given: string) =>
    server.request('POST', '/api/user/login', { body: { username: user.username, password: given } })
  expect((await login(next)).status).toBe(200)
  expect((await login(password)).status).toBe(400)
})
