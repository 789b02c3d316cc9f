import { appRouter, type Meta } from '@casebook/api'
import { createCasebookClient, type CasebookError } from '@casebook/client'
import { describe, expect, test } from 'vitest'
import { codeOf, createClock, enrollKnown } from './authenticator.ts'
import { callClient } from './equivalence/transports.ts'
import { startTestServer, type TestServer } from './start-test-server.ts'

const procedures = Object.entries(
  appRouter._def.procedures as unknown as Record<
    string,
    { _def: { type: 'query' | 'mutation' | 'subscription'; meta: Meta } }
  >,
).map(([name, { _def }]) => ({ name, type: _def.type as 'query' | 'mutation', meta: _def.meta }))

const reasonOf = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    (error: CasebookError) => error.reason,
  )

/** Names the procedures that an account may call, whatever they then say to an empty input. */
async function openTo(server: TestServer, token: string, obligation: string): Promise<string[]> {
  const open: string[] = []
  for (const { name, type } of procedures) {
    // What ends the session that is asked with comes last, and is known.
    if (name === 'auth.logout' || name === 'auth.sessions.revokeAll') continue
    const answer = await callClient(server.url, { name, type }, { input: {}, token })
    if (answer.ok || answer.reason !== obligation) open.push(name)
  }
  return open.toSorted()
}

const withoutFactor = [
  'auth.email',
  'auth.login',
  'auth.loginSession',
  'auth.me',
  'auth.register',
  'auth.requestEmailVerification',
  'auth.requestPasswordReset',
  'auth.resetPassword',
  'auth.totp.confirm',
  'auth.totp.enroll',
  'auth.totp.get',
  'auth.verifyEmail',
]

describe('REQUIRE_MFA', () => {
  test.each(['clinician', 'admin'] as const)(
    'a %s without a second factor may do nothing but enrol one, whatever the procedure',
    async (role) => {
      await using server = await startTestServer({ demands: { mfa: true } })
      const token = server.tokenOf(role)
      expect(await openTo(server, token, 'second-factor-not-enrolled')).toEqual(withoutFactor)
      const { status, json } = await server.request('GET', '/records', { as: role })
      expect([status, json]).toMatchObject([
        403,
        { type: expect.stringContaining('second-factor-not-enrolled') },
      ])
      expect((await server.request('GET', '/api/books', { as: role })).status).toBe(403)
      expect((await server.request('POST', '/api/user/logout_session', { as: role })).status).toBe(200)
    },
  )

  test('refusals on records are in the trail, and end with the request after the enrolment', async () => {
    const clock = createClock()
    await using server = await startTestServer({ demands: { mfa: true }, now: clock.now })
    const known = { username: 'clinician', password: 'clinician-of-casebook' }
    const refused = server.client('clinician').records.list
    expect(await reasonOf(refused.query({}))).toBe('second-factor-not-enrolled')
    const { token, secret } = await enrollKnown(server, clock, known)
    const client = createCasebookClient({ url: server.url, retries: 0, token })
    expect(await reasonOf(client.records.list.query({}))).toBe('done')
    expect(await client.auth.totp.get.query()).toMatchObject({ isRequired: true })

    const code = codeOf(secret, clock)
    await client.auth.totp.disable.mutate({ currentPassword: known.password, code })
    expect(await reasonOf(client.records.list.query({}))).toBe('second-factor-not-enrolled')
    const outcomes = await server.database.kysely
      .selectFrom('audit_entry')
      .select('outcome')
      .where('actor_username', '=', 'clinician')
      .where('action', '=', 'records.list')
      .orderBy('id', 'desc')
      .limit(3)
      .execute()
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['refused', 'allowed', 'refused'])
  })

  test('a change of role bites on the next request; others are left alone', async () => {
    const clock = createClock()
    await using server = await startTestServer({ demands: { mfa: true }, now: clock.now })
    const { token } = await enrollKnown(server, clock, { username: 'admin', password: 'admin-of-casebook' })
    const admin = createCasebookClient({ url: server.url, retries: 0, token })
    const editor = server.client('editor')
    expect(await reasonOf(editor.books.list.query({ status: 'draft' }))).toBe('done')
    const { id } = await editor.auth.me.query()
    await admin.auth.users.update.mutate({ id, role: 'clinician' })
    expect(await reasonOf(editor.books.list.query({ status: 'draft' }))).toBe('second-factor-not-enrolled')
  })

  test('an API key is bound as its owner is', async () => {
    const clock = createClock()
    await using server = await startTestServer({ demands: { mfa: true }, now: clock.now })
    const known = { username: 'clinician', password: 'clinician-of-casebook' }
    const { token, secret } = await enrollKnown(server, clock, known)
    const client = createCasebookClient({ url: server.url, retries: 0, token })
    const { key } = await client.auth.keys.create.mutate({ name: 'nightly', access: 'full' })
    const script = createCasebookClient({ url: server.url, retries: 0, token: key })
    expect(await reasonOf(script.records.list.query({}))).toBe('done')
    const code = codeOf(secret, clock)
    await client.auth.totp.disable.mutate({ currentPassword: known.password, code })
    expect(await reasonOf(script.records.list.query({}))).toBe('second-factor-not-enrolled')
    expect(await reasonOf(script.books.list.query({}))).toBe('second-factor-not-enrolled')
    expect(await reasonOf(script.auth.me.query())).toBe('done')
    expect(await reasonOf(script.auth.totp.enroll.mutate({ currentPassword: known.password }))).toBe(
      'key-refused',
    )
  })

  test('a cookie is bound as a token is', async () => {
    await using server = await startTestServer({ demands: { mfa: true } })
    const body = { username: 'admin', password: 'admin-of-casebook' }
    const { headers } = await server.request('POST', '/api/user/login_session', { body })
    const cookie = headers.get('set-cookie')?.split(';')[0] ?? ''
    const sent = { headers: { cookie } }
    expect((await server.request('GET', '/api/users', sent)).status).toBe(403)
    expect((await server.request('GET', '/api/user/me', sent)).status).toBe(200)
    expect((await server.request('POST', '/api/user/logout_session', sent)).status).toBe(200)
  })
})

describe('REQUIRE_VERIFIED_EMAIL', () => {
  test('an account may do nothing but verify its address, or mend it', async () => {
    await using server = await startTestServer({ demands: { verifiedEmail: true } })
    const token = server.tokenOf('otherAuthor')
    expect(await openTo(server, token, 'email-not-verified')).toEqual(
      [...withoutFactor, 'auth.totp.disable', 'auth.totp.renewRecoveryCodes', 'auth.updateMe'].toSorted(),
    )
    expect((await server.request('GET', '/api/books', { as: 'otherAuthor' })).status).toBe(403)
    const key = await server.verificationKeyFor('other@example.com')
    expect(await reasonOf(server.client('otherAuthor').auth.verifyEmail.mutate({ key }))).toBe('done')
    expect((await server.request('GET', '/api/books', { as: 'otherAuthor' })).status).toBe(200)
    await server.client('otherAuthor').auth.updateMe.mutate({ email: 'another@example.com' })
    expect((await server.request('GET', '/api/books', { as: 'otherAuthor' })).status).toBe(403)
  })

  test('who was invited by mail, or made by the operator, has a verified address', async () => {
    await using server = await startTestServer({ demands: { verifiedEmail: true } })
    const email = 'invited@example.com'
    await server.client('admin').auth.users.invite.mutate({ email, role: 'editor' })
    const invitation = await server.invitationFor(email)
    const account = { username: 'invited', password: 'four quiet herons wade' }
    await server.client().auth.register.mutate({ ...account, email, role: 'editor', invitation })
    const { token } = await server.client().auth.login.mutate(account)
    const client = createCasebookClient({ url: server.url, retries: 0, token })
    expect(await reasonOf(client.books.list.query({}))).toBe('done')
    expect(await client.auth.email.query()).toEqual({ email, verifiedAt: expect.any(String) })
  })
})
