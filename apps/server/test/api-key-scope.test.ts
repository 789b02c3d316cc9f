import { appRouter, type Meta } from '@casebook/api'
import { keyDomains } from '@casebook/api/auth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  callRest,
  callTrpc,
  logIn,
  makeKey,
  startTwoServers,
  type Called,
  type Credential,
  type TwoServers,
} from './credentials.ts'

let two: TwoServers
beforeAll(async () => {
  two = await startTwoServers()
})
afterAll(() => two[Symbol.asyncDispose]())

const rest = (what: string, called: Called = {}, at: 0 | 1 = 0) =>
  callRest(two.urls[at], what.split(' ') as [string, string], called)
const reasonOf = (json: unknown) => (json as { type?: string }).type?.split('/').at(-1)
const session = (role: 'admin' | 'editor' | 'clinician' | 'reader' | 'author'): Credential => ({
  as: 'bearer',
  text: two.server.tokenOf(role),
})

describe('the scope of an API key', () => {
  type Bounds = { readonly access?: 'read' | 'full'; readonly domains?: readonly string[] | null }
  const calls = {
    'auth.me': ['GET /api/user/me', 'query', {}],
    'books.list': ['GET /api/books?limit=1', 'query', { limit: 1 }],
    'books.create': ['POST /api/books', 'mutation', { title: 'By a key' }],
    'records.list': ['GET /records?limit=1', 'query', { limit: 1 }],
    'audit.list': ['GET /api/audit?limit=1', 'query', { limit: 1 }],
    'auth.users.list': ['GET /api/users?limit=1', 'query', { limit: 1 }],
  } as const
  type Name = keyof typeof calls

  /** Makes a call over both transports; gives `ok` or the reason, which must be the same. */
  const outcomeOf = async (name: Name, credential: Credential) => {
    const [request, type, body] = calls[name]
    const overRest = await rest(request, { credential, ...(type === 'mutation' ? { body } : {}) }, 1)
    const overTrpc = await callTrpc(two.urls[0], [type, name], { credential, body })
    const reason = (overTrpc.json as { error?: { data: { reason: string } } }).error?.data.reason
    expect(overRest.status < 300 ? undefined : reasonOf(overRest.json), name).toBe(reason)
    if (reason !== undefined) expect(overRest.status).toBe(403)
    return reason ?? 'ok'
  }

  const table: readonly (readonly [Bounds, readonly Name[]])[] = [
    [{ access: 'full', domains: null }, Object.keys(calls) as Name[]],
    [{}, ['auth.me', 'books.list', 'records.list', 'audit.list', 'auth.users.list']],
    [{ access: 'full', domains: ['books'] }, ['auth.me', 'books.list', 'books.create']],
    [{ access: 'read', domains: ['books', 'audit'] }, ['auth.me', 'books.list', 'audit.list']],
    [{ access: 'full', domains: ['auth', 'records'] }, ['auth.me', 'records.list', 'auth.users.list']],
  ]

  test.each(table)('%j lets an admin’s key call %j, and nothing else', async (bounds, allowed) => {
    const key = await makeKey(two.urls[0], session('admin'), bounds)
    for (const name of Object.keys(calls) as Name[])
      expect(await outcomeOf(name, key), name).toBe(allowed.includes(name) ? 'ok' : 'key-out-of-scope')
  })

  test('is said in the refusal, and gives nothing that its owner lacks', async () => {
    const key = await makeKey(two.urls[0], session('reader'), { access: 'full', domains: ['books'] })
    const { status, json } = await rest('GET /api/user/sessions', { credential: key })
    expect([status, reasonOf(json)]).toEqual([403, 'key-refused'])
    expect((await rest('POST /api/books', { credential: key, body: { title: 'x' } })).json).toMatchObject({
      type: expect.stringMatching(/not-allowed$/),
    })
    const domain = await rest('POST /api/user/login', {
      credential: key,
      body: { username: 'reader', password: 'reader-of-casebook' },
    })
    expect(domain.json).toMatchObject({ detail: 'This needs an API key for auth; yours is for books.' })
    const reading = await makeKey(two.urls[0], session('editor'), {})
    const { json: told } = await rest('POST /api/books', { credential: reading, body: { title: 'x' } })
    expect(told).toMatchObject({
      detail: 'This needs an API key with access full; yours has access read.',
    })
  })

  test('is refused in the audit trail, and named in it', async () => {
    const owner = await logIn(two.urls[0], 'clinician')
    const key = await makeKey(two.urls[0], owner, { access: 'read', domains: ['records'] })
    await rest('GET /records?limit=1', { credential: key })
    await rest('POST /patients', { credential: key, body: {} })
    const { items } = await two.server.client('admin').audit.list.query({ limit: 3 })
    expect(items.map(({ action, outcome, credential }) => [action, outcome, credential])).toEqual([
      ['records.patients.create', 'refused', key.id],
      ['records.list', 'allowed', key.id],
      ['auth.keys.create', 'allowed', expect.stringMatching(/^session_/)],
    ])
    await two.server.sealer.seal()
    expect(await two.server.client('admin').audit.verify.query()).toMatchObject({ ok: true })
  })
})

describe('what API keys may not do', () => {
  type Definition = { readonly type: 'query' | 'mutation'; readonly meta: Meta }
  const all = Object.entries(
    appRouter._def.procedures as unknown as Record<string, { readonly _def: Definition }>,
  )
  const refused = all.filter(([, { _def }]) => _def.meta.keys === 'refused')

  test('is everything that makes or manages credentials and accounts', () => {
    expect(refused.map(([name]) => name).toSorted()).toEqual(
      [
        'auth.logout',
        'auth.updateMe',
        'auth.changePassword',
        'auth.sessions.list',
        'auth.sessions.revoke',
        'auth.sessions.revokeOthers',
        'auth.sessions.revokeAll',
        'auth.keys.list',
        'auth.keys.get',
        'auth.keys.create',
        'auth.keys.revoke',
        'auth.requestEmailVerification',
        'auth.totp.get',
        'auth.totp.enroll',
        'auth.totp.confirm',
        'auth.totp.disable',
        'auth.totp.renewRecoveryCodes',
        'auth.users.removeTotp',
        'auth.users.update',
        'auth.users.invite',
        'auth.users.keys.list',
        'auth.users.keys.revoke',
      ].toSorted(),
    )
  })

  test('is refused before the input is looked at, over both transports', async () => {
    const credential = await makeKey(two.urls[0], session('admin'))
    for (const [name, { _def }] of refused) {
      const { status, json } = await callTrpc(two.urls[0], [_def.type, name], { credential })
      expect([status, json], name).toMatchObject([403, { error: { data: { reason: 'key-refused' } } }])
      const { method, path } = _def.meta.rest ?? { method: 'GET', path: '' }
      const called = method === 'GET' || method === 'DELETE' ? { credential } : { credential, body: {} }
      const overRest = await rest(`${method} ${path.replaceAll(/\{\w+\}/g, 'x')}`, called)
      expect([overRest.status, reasonOf(overRest.json)], name).toEqual([403, 'key-refused'])
    }
  })

  test('a bound can name every part of the contract', () => {
    expect([...new Set(all.map(([name]) => name.split('.')[0]))].toSorted()).toEqual(
      [...keyDomains].toSorted(),
    )
  })
})
