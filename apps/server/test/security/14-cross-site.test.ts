import { request as httpRequest } from 'node:http'
import { text as textOf } from 'node:stream/consumers'
import { procedures as restProcedures } from '../equivalence/procedures.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../start-test-server.ts'
import { procedures } from './matrix/call.ts'

const ours = 'http://127.0.0.1'
const friend = 'https://friend.example'

let server: TestServer
let friendly: TestServer
beforeAll(async () => {
  server = await startTestServer()
  friendly = await startTestServer({ corsOrigins: [friend] })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await friendly[Symbol.asyncDispose]()
})

type Sent = { headers?: Record<string, string>; body?: string; to?: TestServer }
type Answer = { status: number; headers: NodeJS.Dict<string | string[]>; text: string }

/** Sends what fetch would not: `Origin` and `Sec-Fetch-Site` as they are given, and no type that was not. */
async function send(
  method: string,
  path: string,
  { headers = {}, body, to = server }: Sent,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const request = httpRequest(to.url + path, { method, headers }, (response) => {
    const { statusCode: status = 0, headers: answered } = response
    textOf(response).then((text) => resolve({ status, headers: answered, text }), reject)
  })
  request.on('error', reject)
  request.end(body)
  return promise
}

/** Logs in as a browser does, and gives the cookie that it would send. */
async function cookieOf(name: string, to = server): Promise<string> {
  const body = { username: name, password: `${name}-of-casebook` }
  const { headers } = await to.request('POST', '/api/user/login_session', { body })
  return headers.get('set-cookie')?.split(';')[0] ?? ''
}

const json = { 'content-type': 'application/json' }
const body = JSON.stringify({ title: 'By a cookie' })
const ways = [
  ['REST', '/api/books', 201],
  ['tRPC', '/trpc/books.create', 200],
] as const

const rules: readonly (readonly [what: string, headers: Record<string, string>, passes: boolean])[] = [
  ['Sec-Fetch-Site: cross-site', { 'sec-fetch-site': 'cross-site' }, false],
  ['Sec-Fetch-Site: same-site', { 'sec-fetch-site': 'same-site' }, false],
  ['Sec-Fetch-Site: same-origin', { 'sec-fetch-site': 'same-origin' }, true],
  ['Sec-Fetch-Site: none', { 'sec-fetch-site': 'none' }, true],
  ['Sec-Fetch-Site of a kind unknown', { 'sec-fetch-site': 'other' }, false],
  ['cross-site, though Origin is ours', { 'sec-fetch-site': 'cross-site', origin: ours }, false],
  [
    'same-origin, whatever Origin says',
    { 'sec-fetch-site': 'same-origin', origin: 'http://x.example' },
    true,
  ],
  ['Origin: ours', { origin: ours }, true],
  ['Origin: null', { origin: 'null' }, false],
  ['Origin of another host', { origin: 'http://h' }, false],
  ['Origin with our host as its user', { origin: 'http://127.0.0.1@evil.example' }, false],
  ['Origin that begins as ours', { origin: 'http://127.0.0.1.evil.example' }, false],
  ['Origin of another port', { origin: 'http://127.0.0.1:8080' }, false],
  ['Origin of another scheme', { origin: 'https://127.0.0.1' }, false],
  ['Origin with a path', { origin: 'http://127.0.0.1/' }, false],
  ['Origin that is empty', { origin: '' }, false],
  ['neither', {}, true],
]

describe('security 14: a cookie does not count for changes from another site', () => {
  describe.each(ways)('%s', (_way, path, done) => {
    test.each(rules)('%s', async (_what, headers, passes) => {
      const cookie = await cookieOf('editor')
      const { status, text } = await send('POST', path, { headers: { ...json, ...headers, cookie }, body })
      expect(status, text).toBe(passes ? done : 403)
      if (!passes) expect(text).toContain('/problems/cross-site')
    })

    test('a bearer token may come from anywhere, since no browser sends it by itself', async () => {
      const authorization = `Bearer ${server.tokenOf('editor')}`
      const headers = {
        ...json,
        authorization,
        'sec-fetch-site': 'cross-site',
        origin: 'http://evil.example',
      }
      expect((await send('POST', path, { headers, body })).status).toBe(done)
    })

    test('what was refused has changed nothing', async () => {
      const cookie = await cookieOf('editor')
      const title = `Refused over ${path}`
      const headers = { ...json, cookie, 'sec-fetch-site': 'cross-site' }
      await send('POST', path, { headers, body: JSON.stringify({ title }) })
      const { items } = await server.client('editor').books.list.query({ status: 'draft', limit: 1000 })
      expect(items.map((book) => book.title)).not.toContain(title)
    })
  })

  test.each(['/api/user/login_session', '/trpc/auth.loginSession'])(
    'nor may another site have a browser log in, by %s',
    async (path) => {
      const login = JSON.stringify({ username: 'reader', password: 'reader-of-casebook' })
      for (const [what, headers, passes] of rules) {
        const answer = await send('POST', path, { headers: { ...json, ...headers }, body: login })
        expect([answer.status, answer.headers['set-cookie'] !== undefined], what).toEqual([
          passes ? 200 : 403,
          passes,
        ])
      }
    },
  )

  test('a refusal on records is in the trail', async () => {
    const cookie = await cookieOf('clinician')
    for (const [index, path] of ['/patients', '/trpc/records.patients.create'].entries()) {
      const headers = { ...json, cookie, 'sec-fetch-site': 'cross-site', 'x-request-id': `cross-${index}` }
      expect((await send('POST', path, { headers, body: '{}' })).status).toBe(403)
      const entries = await server.database.stores.audit.list({ requestId: `cross-${index}`, limit: 5 })
      expect(entries).toMatchObject([{ action: 'records.patients.create', outcome: 'refused' }])
    }
  })
})

const types = [
  'text/plain',
  'text/plain;charset=application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json-patch+json',
  'application/jsonx',
  'text/json',
]
const restChanges = restProcedures.filter(({ type, rest }) => type === 'mutation' && rest.method !== 'DELETE')
const trpcChanges = Object.entries(procedures).flatMap(([name, { _def }]) =>
  _def.type === 'mutation' ? [name] : [],
)

describe('security 14: what a form can send is no request of ours', () => {
  test.each(types)('a body of the type %s is 415 on every change, over both transports', async (type) => {
    for (const { rest } of restChanges) {
      const path = rest.path.replaceAll(/\{\w+\}/g, 'x')
      const { status } = await send(rest.method, path, { headers: { 'content-type': type }, body })
      expect(status, `${rest.method} ${path}`).toBe(415)
    }
    for (const name of trpcChanges) {
      const { status } = await send('POST', `/trpc/${name}`, { headers: { 'content-type': type }, body })
      expect(status, name).toBe(415)
    }
    const batch = await send('POST', '/trpc/books.create,books.create?batch=1', {
      headers: { 'content-type': type },
      body,
    })
    expect(batch.status).toBe(415)
  })

  test.each(ways)('%s: a body without a type is read by nobody', async (_way, path) => {
    const cookie = await cookieOf('editor')
    const { status } = await send('POST', path, {
      headers: { cookie, 'content-length': String(body.length) },
      body,
    })
    expect(status).toBe(415)
  })

  test('a change by GET is 405 on every procedure, alone and in a batch', async () => {
    expect(trpcChanges.length).toBeGreaterThan(20)
    for (const name of trpcChanges) {
      const cookie = await cookieOfAdmin()
      const input = encodeURIComponent('{}')
      expect((await send('GET', `/trpc/${name}?input=${input}`, { headers: { cookie } })).status, name).toBe(
        405,
      )
      const batched = await send('GET', `/trpc/${name}?batch=1&input=${encodeURIComponent('{"0":{}}')}`, {
        headers: { cookie },
      })
      expect(batched.status, name).toBe(405)
    }
    const paths = new Set(
      restProcedures.filter(({ rest }) => rest.method === 'GET').map(({ rest }) => rest.path),
    )
    for (const { rest } of restChanges.filter((one) => !paths.has(one.rest.path))) {
      const path = rest.path.replaceAll(/\{\w+\}/g, 'x')
      const { status, headers } = await send('GET', path, {})
      // `logout_session` and its like stand alone; what reads as an id of something above them is not there.
      expect([405, 404], `GET ${path}`).toContain(status)
      if (status === 405) expect(headers['allow']).toContain(rest.method)
    }
  })
})

let adminCookie: string | undefined
async function cookieOfAdmin(): Promise<string> {
  adminCookie ??= await cookieOf('admin')
  return adminCookie
}

describe('security 14: other origins', () => {
  const origins = ['https://evil.example', 'null', friend, `${friend}.evil.example`, ours]
  const corsOf = ({ headers }: Answer) =>
    Object.entries(headers).filter(([name]) => name.startsWith('access-control-'))

  test.each(origins)('%s is told nothing unless it was configured', async (origin) => {
    for (const path of ['/api/books?limit=1', '/trpc/books.list', '/records', '/healthz']) {
      expect(corsOf(await send('GET', path, { headers: { origin } })), path).toEqual([])
      const asked = {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      }
      expect(corsOf(await send('OPTIONS', path, { headers: asked })), path).toEqual([])
    }
  })

  test.each([
    friend,
    `${friend}.evil.example`,
    'https://x.friend.example',
    'http://friend.example',
    `${friend}:8443`,
    'null',
  ])('with one configured, %s is answered by itself alone', async (origin) => {
    for (const path of ['/api/books?limit=1', '/trpc/books.list']) {
      const { headers } = await send('GET', path, { headers: { origin }, to: friendly })
      expect(headers['access-control-allow-origin'], path).toBe(origin === friend ? friend : undefined)
      expect(headers['access-control-allow-origin']).not.toBe('*')
    }
  })

  test('a configured origin still changes nothing by a cookie', async () => {
    const cookie = await cookieOf('editor', friendly)
    const headers = { ...json, cookie, origin: friend, 'sec-fetch-site': 'cross-site' }
    for (const [, path] of ways)
      expect((await send('POST', path, { headers, body, to: friendly })).status).toBe(403)
  })
})
