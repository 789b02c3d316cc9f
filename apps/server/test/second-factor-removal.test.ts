import { exampleUser } from '@casebook/api/auth'
import { createSecretBox } from '@casebook/core'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  actsOf,
  clientAt,
  codeOf,
  createClock,
  enroll,
  reasonOf,
  subjectsTo,
  wrongCodeOf,
  type Enrolled,
} from './authenticator.ts'
import { callClient } from './equivalence/transports.ts'
import { examplesWithCodes } from './examples/all.ts'
import { startTestServer, type TestServer } from './start-test-server.ts'

const clock = createClock()
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ now: clock.now })
})
afterAll(() => server[Symbol.asyncDispose]())

type Credentials = { username: string; password: string; code?: string }
const logIn = (path: string, body: Credentials) => server.request('POST', path, { body })
const clientOf = (token: string) => clientAt(server, token)
const credentialsOf = ({ username, password }: Enrolled) => ({ username, password })
const mailsTo = (email: string) => subjectsTo(server, email)
const trailOf = (username: string) => actsOf(server, username)
const logins = ['/api/user/login', '/api/user/login_session'] as const

describe('a mailbox that was stolen', () => {
  test('resets the password, and gets in no more than a stolen password', async () => {
    const account = await enroll(server, clock, 'mailbox')
    await server.client().auth.requestPasswordReset.mutate({ email: account.email })
    const key = await server.resetKeyFor(account.email)
    const password = 'nine tired otters swim'
    const { message } = await server.client().auth.resetPassword.mutate({ key, password })
    expect(message).toContain('second factor')
    const credentials = { username: account.username, password }
    for (const path of logins)
      expect(await logIn(path, credentials)).toMatchObject({
        status: 400,
        json: { type: expect.stringContaining('second-factor-required') },
      })
    expect((await logIn(logins[0], { ...credentials, code: codeOf(account.secret, clock) })).status).toBe(200)
  })
})

describe('taking a second factor off', () => {
  test('needs the password and a code; so do new recovery codes', async () => {
    const account = await enroll(server, clock, 'quitter')
    const { auth } = clientOf(account.token)
    const right = { currentPassword: account.password, code: account.recoveryCodes[0] ?? '' }
    for (const procedure of [auth.totp.disable, auth.totp.renewRecoveryCodes]) {
      const call = (change: object) => reasonOf(procedure.mutate({ ...right, ...change }))
      expect(await call({ currentPassword: 'wrong' })).toBe('wrong-password BAD_REQUEST')
      expect(await call({ code: wrongCodeOf(account.secret, clock) })).toBe(
        'wrong-second-factor UNAUTHORIZED',
      )
      expect(await call({ code: '' })).toBe('second-factor-required UNAUTHORIZED')
    }
    const renewed = await auth.totp.renewRecoveryCodes.mutate(right)
    expect(renewed.recoveryCodes).not.toContain(account.recoveryCodes[1])
    expect(await reasonOf(auth.totp.disable.mutate({ ...right, code: account.recoveryCodes[1] ?? '' }))).toBe(
      'wrong-second-factor UNAUTHORIZED',
    )
    expect(await reasonOf(auth.totp.disable.mutate({ ...right, code: renewed.recoveryCodes[1] ?? '' }))).toBe(
      'done',
    )
    expect((await logIn('/api/user/login', credentialsOf(account))).status).toBe(200)
    expect(await reasonOf(auth.totp.disable.mutate(right))).toBe('totp-not-enrolled CONFLICT')
    expect(await mailsTo(account.email)).toEqual(
      expect.arrayContaining([
        'Your Casebook account has new recovery codes',
        'Your Casebook account has no second factor any more',
      ]),
    )
    expect(await trailOf('quitter')).toEqual(
      expect.arrayContaining(['auth.totp.renewRecoveryCodes allowed', 'auth.totp.disable allowed']),
    )
  })

  test('an admin may for others, not for himself; the sessions end and the owner is told', async () => {
    const account = await enroll(server, clock, 'forgetful')
    const { id } = await clientOf(account.token).auth.me.query()
    const admin = server.client('admin')
    expect(await reasonOf(server.client('editor').auth.users.removeTotp.mutate({ id }))).toBe(
      'not-allowed FORBIDDEN',
    )
    const own = await admin.auth.me.query()
    expect(await reasonOf(admin.auth.users.removeTotp.mutate({ id: own.id }))).toBe('not-allowed FORBIDDEN')
    const removed = await server.request('DELETE', `/api/users/${id}/totp`, { as: 'admin' })
    expect(removed.status).toBe(204)
    expect(await reasonOf(admin.auth.users.removeTotp.mutate({ id }))).toBe('not-found NOT_FOUND')
    expect(await reasonOf(clientOf(account.token).auth.me.query())).toBe('not-authenticated UNAUTHORIZED')
    expect((await logIn('/api/user/login', credentialsOf(account))).status).toBe(200)
    expect(await mailsTo(account.email)).toContain('Your Casebook account has no second factor any more')
    const { items } = await admin.audit.list.query({ action: 'auth.users.removeTotp', resource: id })
    expect(items).toMatchObject([
      { outcome: 'allowed', actor: { username: 'admin' } },
      { outcome: 'refused', actor: { username: 'editor' } },
    ])
  })
})

test('a secret that was put into the row of another account opens nothing', async () => {
  const one = await enroll(server, clock, 'row-one')
  const other = await enroll(server, clock, 'row-other')
  const idOfName = (username: string) => sql`(select id from user_account where username = ${username})`
  await sql`update second_factor set secret = (select secret from second_factor where user_id = ${idOfName('row-one')})
    where user_id = ${idOfName('row-other')}`.execute(server.database.kysely)
  const body = { ...credentialsOf(other), code: codeOf(one.secret, clock) }
  expect((await logIn('/api/user/login', body)).status).toBe(500)
  const recovery = { ...credentialsOf(other), code: other.recoveryCodes[0] ?? '' }
  expect((await logIn('/api/user/login', recovery)).status).toBe(200)
})

test('every example of the contract that takes a code', async () => {
  await using fixed = await startTestServer({ now: () => Date.parse('2026-01-05T09:05:00Z') })
  const { id } = exampleUser
  // The secret that the example of `auth.totp.enroll` shows, sealed as the test server does.
  const box = createSecretBox(new Uint8Array(32))
  const begin = () =>
    fixed.database.stores.secondFactors.begin(
      id,
      box.seal('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', `totp of ${id}`),
    )
  await begin()
  for (const { procedure, type, input, actor } of examplesWithCodes) {
    if (procedure === 'auth.users.removeTotp') {
      await begin()
      await sql`update second_factor set confirmed_at = now()`.execute(fixed.database.kysely)
    }
    const token = fixed.tokenOf(actor)
    const answer = await callClient(fixed.url, { name: procedure, type }, { input, token })
    expect([procedure, answer]).toMatchObject([procedure, { ok: true }])
  }
})
