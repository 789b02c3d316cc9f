import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type Received, type Sent, type TestServer } from '../start-test-server.ts'

const servers = new Map<string, TestServer>()
beforeAll(async () => {
  for (const publicUrl of ['http://127.0.0.1', 'https://casebook.example'])
    servers.set(publicUrl, await startTestServer({ publicUrl }))
})
afterAll(async () => {
  for (const server of servers.values()) await server[Symbol.asyncDispose]()
})

type Probe = readonly [name: string, status: number, method: string, path: string, sent?: Sent]

const login = { username: 'reader', password: 'reader-of-casebook' }

/** What everybody may keep, and what only one caller may see. */
const open: readonly Probe[] = [
  ['a list', 200, 'GET', '/api/books'],
  ['a page', 200, 'GET', '/api/books?limit=1'],
  ['a page by HEAD', 200, 'HEAD', '/api/books?limit=1'],
  ['what has not changed', 304, 'GET', '/api/books?limit=1', { headers: { 'if-none-match': '*' } }],
  ['lines', 200, 'GET', '/api/books', { headers: { accept: 'application/x-ndjson' } }],
  ['what methods there are', 204, 'OPTIONS', '/api/books'],
  ['liveness', 200, 'GET', '/healthz'],
  ['readiness', 200, 'GET', '/readyz'],
  ['metrics', 200, 'GET', '/metrics'],
  ['the document', 200, 'GET', '/openapi.json'],
  ['its page', 200, 'GET', '/docs/'],
  ['a page about a problem', 200, 'GET', '/problems/not-found'],
]
const closed: readonly Probe[] = [
  ['a login', 200, 'POST', '/api/user/login', { body: login }],
  ['a login by cookie', 200, 'POST', '/api/user/login_session', { body: login }],
  ['a wrong login', 400, 'POST', '/api/user/login', { body: { ...login, password: 'x' } }],
  ['a login over tRPC', 200, 'POST', '/trpc/auth.login', { body: login }],
  [
    'a registration with a taken name',
    400,
    'POST',
    '/api/user/register',
    { body: { username: 'reader', email: 'nils@example.com', password: 'nine tired otters swim' } },
  ],
  ['an account', 200, 'GET', '/api/user/me', { as: 'reader' }],
  ['an account over tRPC', 200, 'GET', '/trpc/auth.me', { as: 'reader' }],
  ['records', 200, 'GET', '/records', { as: 'clinician' }],
  ['a page of records', 200, 'GET', '/records?limit=1', { as: 'clinician' }],
  ['a record', 200, 'GET', '/records/{record}', { as: 'clinician' }],
  ['a record by HEAD', 200, 'HEAD', '/records/{record}', { as: 'clinician' }],
  [
    'a record that has not changed',
    304,
    'GET',
    '/records/{record}',
    { as: 'clinician', headers: { 'if-none-match': '*' } },
  ],
  ['records as CSV', 200, 'GET', '/records', { as: 'clinician', headers: { accept: 'text/csv' } }],
  ['records over tRPC', 200, 'GET', '/trpc/records.list?input=%7B%7D', { as: 'clinician' }],
  ['the trail', 200, 'GET', '/api/audit?limit=1', { as: 'admin' }],
  ['who has seen a patient', 200, 'GET', '/patients/{patient}/access', { as: 'admin' }],
  ['books with a credential', 200, 'GET', '/api/books?status=draft', { as: 'author' }],
  ['no credential', 401, 'GET', '/records'],
  ['no right', 403, 'GET', '/records', { as: 'editor' }],
  ['nothing there', 404, 'GET', '/records/nothing', { as: 'clinician' }],
  ['no path', 404, 'GET', '/nowhere'],
  ['no such method', 405, 'DELETE', '/records'],
  [
    'another type',
    415,
    'POST',
    '/records',
    { as: 'clinician', body: 'x', headers: { 'content-type': 'text/plain' } },
  ],
  [
    'another type over tRPC',
    415,
    'POST',
    '/trpc/records.create',
    { as: 'clinician', body: 'x', headers: { 'content-type': 'text/plain' } },
  ],
  ['a path that is no text', 400, 'GET', '/records/%zz', { as: 'clinician' }],
  ['no JSON', 400, 'POST', '/records', { as: 'clinician', body: '{' }],
  ['the page of a reset mail', 200, 'GET', '/password-reset?key=x'],
]

const named = (probes: readonly Probe[]) => probes.map((probe) => [probe[0], probe[1], probe] as const)

describe.each(['http://127.0.0.1', 'https://casebook.example'])('security 22: at %s', (publicUrl) => {
  const ask = async ([, status, method, path, sent]: Probe): Promise<Received> => {
    const server = servers.get(publicUrl)
    if (server === undefined) throw new Error('there is no server')
    const answer = await server.request(method, server.fill(path), sent)
    expect(answer.status, answer.text).toBe(status)
    return answer
  }

  test.each(named([...open, ...closed]))(
    '%s (%i) is for no frame, no sniffing, no referrer',
    async (_name, _status, probe) => {
      const { headers } = await ask(probe)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'/)
      expect(headers.get('content-security-policy')).toMatch(/default-src 'none'/)
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect(headers.get('x-powered-by') ?? headers.get('server')).toBeNull()
      const transport = headers.get('strict-transport-security')
      if (publicUrl.startsWith('https:')) {
        const seconds = Number(/max-age=(\d+)/.exec(transport ?? '')?.[1])
        expect(seconds).toBeGreaterThanOrEqual(31_536_000)
      } else expect(transport).toBeNull()
    },
  )

  test.each(named(closed))('%s (%i) is kept by nobody', async (_name, _status, probe) => {
    expect((await ask(probe)).headers.get('cache-control')).toBe('no-store')
  })

  test('what is no request gets the same headers as an answer to one', async () => {
    const server = servers.get(publicUrl)
    if (server === undefined) throw new Error('there is no server')
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    socket.end('no request\r\n\r\n')
    const answer = (await text(socket)).toLowerCase()
    expect(answer).toContain('http/1.1 400')
    for (const name of [
      'x-content-type-options: nosniff',
      'referrer-policy: no-referrer',
      'cache-control: no-store',
    ])
      expect(answer).toContain(`\r\n${name}\r\n`)
    expect(answer).toMatch(/\r\ncontent-security-policy: default-src 'none';/)
  })

  test('a script runs on no page but that of the document, and there none of another host', async () => {
    for (const probe of [...open, ...closed]) {
      const policy = (await ask(probe)).headers.get('content-security-policy') ?? ''
      expect(policy, probe[0]).not.toMatch(/unsafe-eval|\*|script-src [^;]*https?:/)
      const scripts = /script-src ([^;]*)/.exec(policy)?.[1]
      expect(scripts ?? '', probe[0]).not.toContain('unsafe-inline')
      if (probe[3] !== '/docs/') expect(scripts ?? "'none'", probe[0]).toBe("'none'")
    }
  })
})
