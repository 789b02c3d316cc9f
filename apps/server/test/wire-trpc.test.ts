import type { CasebookClient, CasebookError } from '@casebook/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type Role, type TestServer } from './start-test-server.ts'

type Row = {
  readonly name: string
  readonly as?: Role
  readonly call: (client: CasebookClient) => Promise<unknown>
  /** The code of the failure; without it the call succeeds. */
  readonly code?: CasebookError['code']
  readonly shows?: (value: unknown) => void
}

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const id = (name: string) => server.fill(`{${name}}`) as never
const page = (items: unknown) => ({ items, nextCursor: null })
const filled = (value: unknown) =>
  expect(value).toMatchObject({ items: expect.arrayContaining([expect.anything()]) })
const password = 'four quiet herons wade'
const register = (client: CasebookClient, more: object) =>
  client.auth.register.mutate({ username: 'trpc', email: 'trpc@example.com', password, ...more })
const login = (client: CasebookClient, username: string, typed: string) =>
  client.auth.login.mutate({ username, password: typed })

const rows: Row[] = [
  {
    name: 'register',
    call: (client) => register(client, {}),
    shows: (value) => expect(value).toMatchObject({ user: { username: 'trpc', role: 'reader' } }),
  },
  { name: 'a taken name', call: (client) => register(client, { email: 'b@example.com' }), code: 'CONFLICT' },
  {
    name: 'a taken address',
    call: (client) => register(client, { username: 'trpc2' }),
    code: 'CONFLICT',
  },
  {
    name: 'register as admin',
    call: (client) => register(client, { username: 'boss', email: 'boss@example.com', role: 'admin' }),
    code: 'BAD_REQUEST',
  },
  { name: 'an unknown field', call: (client) => register(client, { isAdmin: true }), code: 'BAD_REQUEST' },
  {
    name: 'login',
    call: (client) => login(client, 'reader', 'reader-of-casebook'),
    shows: (value) => expect(value).toMatchObject({ token: expect.any(String), user: { role: 'reader' } }),
  },
  {
    name: 'login by address',
    call: (client) => login(client, 'reader@casebook.example', 'reader-of-casebook'),
  },
  { name: 'a wrong password', call: (client) => login(client, 'reader', 'no'), code: 'UNAUTHORIZED' },
  { name: 'an unknown user', call: (client) => login(client, 'nobody', 'no'), code: 'UNAUTHORIZED' },
  {
    name: 'loginSession',
    call: (client) => client.auth.loginSession.mutate({ username: 'reader', password: 'reader-of-casebook' }),
    shows: (value) => expect(Object.keys(value as object).toSorted()).toEqual(['expiresAt', 'user']),
  },
  { name: 'logout of nothing', call: (client) => client.auth.logout.mutate(), code: 'UNAUTHORIZED' },
  {
    name: 'a reset for an unknown address',
    call: (client) => client.auth.requestPasswordReset.mutate({ email: 'unknown@example.com' }),
  },
  {
    name: 'a malformed address',
    call: (client) => client.auth.requestPasswordReset.mutate({ email: 'unknown' }),
    code: 'BAD_REQUEST',
  },
  {
    name: 'an unknown key',
    call: (client) => client.auth.resetPassword.mutate({ key: 'unknown', password }),
    code: 'BAD_REQUEST',
  },
  { name: 'books', call: (client) => client.books.list.query({}), shows: filled },
  {
    name: 'a page of two',
    call: (client) => client.books.list.query({ limit: 2 }),
    shows: (value) =>
      expect(value).toMatchObject({
        items: [expect.anything(), expect.anything()],
        nextCursor: expect.any(String),
      }),
  },
  { name: 'records of nobody', call: (client) => client.records.list.query({}), code: 'UNAUTHORIZED' },
  {
    name: 'records of a reader',
    as: 'reader',
    call: (client) => client.records.list.query({}),
    code: 'FORBIDDEN',
  },
  {
    name: 'records of an editor',
    as: 'editor',
    call: (client) => client.records.list.query({}),
    code: 'FORBIDDEN',
  },
  { name: 'records', as: 'clinician', call: (client) => client.records.list.query({}), shows: filled },
  {
    name: 'records of an admin',
    as: 'admin',
    call: (client) => client.records.list.query({}),
    shows: filled,
  },
  {
    name: 'records of a linked account',
    as: 'linked',
    call: (client) => client.records.list.query({}),
    shows: filled,
  },
  {
    name: 'a month without records',
    as: 'clinician',
    call: (client) => client.records.list.query({ year: 1900, month: 1 }),
    shows: (value) => expect(value).toEqual(page([])),
  },
  {
    name: 'a month alone',
    as: 'clinician',
    call: (client) => client.records.list.query({ month: 5 }),
    code: 'BAD_REQUEST',
  },
  {
    name: 'month 13',
    as: 'clinician',
    call: (client) => client.records.list.query({ year: 2024, month: 13 }),
    code: 'BAD_REQUEST',
  },
  {
    name: 'year 0',
    as: 'clinician',
    call: (client) => client.records.list.query({ year: 0 }),
    code: 'BAD_REQUEST',
  },
  {
    name: 'a number as text',
    as: 'clinician',
    call: (client) => client.records.list.query({ year: '2024' as never }),
    code: 'BAD_REQUEST',
  },
  {
    name: 'a record',
    as: 'clinician',
    call: (client) => client.records.get.query({ id: id('record') }),
    shows: (value) => expect(value).toMatchObject({ id: id('record') }),
  },
  {
    name: 'a record that is none',
    as: 'clinician',
    call: (client) => client.records.get.query({ id: 'nothing' }),
    code: 'NOT_FOUND',
  },
  {
    name: 'a patient’s records',
    as: 'clinician',
    call: (client) => client.records.byPatient.query({ patientId: id('patient') }),
    shows: filled,
  },
  {
    name: 'the own records',
    as: 'linked',
    call: (client) => client.records.byPatient.query({ patientId: id('patient') }),
    shows: filled,
  },
  {
    name: 'another patient’s record',
    as: 'linked',
    call: (client) => client.records.get.query({ id: id('otherRecord') }),
    code: 'NOT_FOUND',
  },
  {
    name: 'records of a patient that is not there',
    as: 'clinician',
    call: (client) => client.records.byPatient.query({ patientId: 'nobody' }),
    shows: (value) => expect(value).toEqual(page([])),
  },
  { name: 'the trail', as: 'admin', call: (client) => client.audit.list.query({}), shows: filled },
  {
    name: 'the trail of a clinician',
    as: 'clinician',
    call: (client) => client.audit.list.query({}),
    code: 'FORBIDDEN',
  },
  {
    name: 'a stale change',
    as: 'editor',
    call: (client) => client.books.update.mutate({ id: id('book'), title: 'Other', version: 99 }),
    code: 'PRECONDITION_FAILED',
  },
]

test.each(rows)('$name: $code', async ({ as, call, code, shows }) => {
  const client = server.client(as)
  if (code === undefined) {
    const value = await call(client)
    shows?.(value)
    return
  }
  const error = await call(client).then(
    () => null,
    (thrown: CasebookError) => thrown,
  )
  expect(error).toMatchObject({
    name: 'CasebookError',
    code,
    requestId: expect.stringMatching(/^[\w.~-]{1,64}$/),
  })
  if (code === 'BAD_REQUEST' && error?.reason === 'invalid-input') expect(error.errors).not.toEqual([])
})

test('a stream gives every record, and ends when its reader has enough', async () => {
  const client = server.client('clinician')
  const all: unknown[] = []
  for await (const record of await client.records.stream.query({})) all.push(record)
  const whole = await server.request('GET', '/records', { as: 'clinician' })
  expect(all).toEqual(whole.json)
  let seen = 0
  for await (const _ of await client.records.stream.query({})) {
    seen += 1
    if (seen === 3) break
  }
  expect(seen).toBe(3)
})

test('a token that is no good fails the call with its cause', async () => {
  const { createCasebookClient } = await import('@casebook/client')
  const client = createCasebookClient({ url: server.url, token: 'nonsense', retries: 0 })
  await expect(client.books.list.query({})).rejects.toMatchObject({
    code: 'UNAUTHORIZED',
    reason: 'not-authenticated',
  })
})

test('a server that is not there is said with its address', async () => {
  const { createCasebookClient } = await import('@casebook/client')
  const client = createCasebookClient({ url: 'http://127.0.0.1:9', retries: 0 })
  await expect(client.books.list.query({})).rejects.toMatchObject({
    code: 'UNREACHABLE',
    reason: 'unreachable',
    message: 'http://127.0.0.1:9 cannot be reached.',
  })
})
