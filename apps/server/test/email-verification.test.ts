import type { CasebookError } from '@casebook/client'
import { createCasebookClient } from '@casebook/client'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from './start-test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const reasonOf = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    (error: CasebookError) => error.reason,
  )
const emailOf = (name: string) => `${name}@example.com`

/** Registers an account, and gives its client. */
async function register(username: string) {
  const password = 'four quiet herons wade'
  await server.client().auth.register.mutate({ username, email: emailOf(username), password })
  const { token } = await server.client().auth.login.mutate({ username, password })
  return createCasebookClient({ url: server.url, retries: 0, token })
}
const verify = (key: string) => server.request('POST', `/api/user/email_verification?key=${key}`)

describe('an address', () => {
  test('is verified by the key of the mail that registering sends, once, and not by the user object', async () => {
    const client = await register('vera')
    expect(await client.auth.email.query()).toEqual({ email: emailOf('vera'), verifiedAt: null })
    const key = await server.verificationKeyFor(emailOf('vera'))
    expect(Buffer.from(key, 'base64url').length * 8).toBeGreaterThanOrEqual(128)
    expect((await verify(key)).status).toBe(200)
    const shown = await client.auth.email.query()
    expect(shown.verifiedAt).toMatch(/Z$/)
    expect(Object.keys(await client.auth.me.query()).toSorted()).toEqual(
      ['createdAt', 'disabledAt', 'email', 'id', 'role', 'username'].toSorted(),
    )
    expect((await verify(key)).status).toBe(400)
    expect((await client.auth.requestEmailVerification.mutate()).message).toContain('verified already')
    const { items } = await server.client('admin').audit.list.query({ action: 'auth.verifyEmail' })
    expect(items.map(({ resource }) => resource)).toContain((await client.auth.me.query()).id)
  })

  test('is verified by one of twenty that use its key at once', async () => {
    await register('twenty')
    const key = await server.verificationKeyFor(emailOf('twenty'))
    const answers = await Promise.all(Array.from({ length: 20 }, () => verify(key)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(19)
  })

  test('has one key that works: a new request makes the old one void, and so does a day', async () => {
    const client = await register('renewer')
    const first = await server.verificationKeyFor(emailOf('renewer'))
    await client.auth.requestEmailVerification.mutate()
    const second = await server.verificationKeyFor(emailOf('renewer'))
    expect(second).not.toBe(first)
    expect((await verify(first)).status).toBe(400)
    const { kysely } = server.database
    await sql`update email_verification set expires_at = expires_at - interval '24 hours'`.execute(kysely)
    expect((await verify(second)).status).toBe(400)
    await sql`update email_verification set expires_at = expires_at + interval '24 hours'`.execute(kysely)
    expect((await verify(second)).status).toBe(200)
  })

  test('gets at most five mails an hour, whether they are asked for or come of changes', async () => {
    const client = await register('flooder')
    for (const number of [1, 2, 3])
      expect(await reasonOf(client.auth.requestEmailVerification.mutate()), `${number}`).toBe('done')
    for (const email of [emailOf('flooder-a'), emailOf('flooder-b')])
      expect(await reasonOf(client.auth.updateMe.mutate({ email })), email).toBe('done')
    expect(await reasonOf(client.auth.requestEmailVerification.mutate())).toBe('too-many-requests')
    const another = client.auth.updateMe.mutate({ email: emailOf('flooder-c') })
    expect(await reasonOf(another)).toBe('too-many-requests')
    expect((await client.auth.email.query()).email).toBe(emailOf('flooder-b'))
    expect(await reasonOf(client.auth.updateMe.mutate({ username: 'flooded' }))).toBe('done')
  })

  test('that is changed is unverified, keys sent to the old one are void, and the old one is told', async () => {
    const client = await register('mover')
    const oldVerification = await server.verificationKeyFor(emailOf('mover'))
    await server.client().auth.requestPasswordReset.mutate({ email: emailOf('mover') })
    const oldReset = await server.resetKeyFor(emailOf('mover'))
    await client.auth.updateMe.mutate({ email: emailOf('moved') })
    expect((await verify(oldVerification)).status).toBe(400)
    const reset = server
      .client()
      .auth.resetPassword.mutate({ key: oldReset, password: 'nine tired otters swim' })
    expect(await reasonOf(reset)).toBe('invalid-reset-key')
    const key = await server.verificationKeyFor(emailOf('moved'))
    expect((await verify(key)).status).toBe(200)
    const toOld = server.mails.filter(({ recipient }) => recipient === emailOf('mover'))
    expect(toOld.at(-1)).toMatchObject({
      subject: 'Your Casebook account has another address',
      body: expect.stringContaining(emailOf('moved')),
    })
    await client.auth.updateMe.mutate({ email: emailOf('movedagain') })
    expect((await client.auth.email.query()).verifiedAt).toBeNull()
  })

  test('that is spelled otherwise stays verified, and tells nobody', async () => {
    const client = await register('speller')
    await verify(await server.verificationKeyFor(emailOf('speller')))
    const before = server.mails.length
    await client.auth.updateMe.mutate({ email: 'Speller@Example.com' })
    await server.mailWorker.flush()
    expect(server.mails).toHaveLength(before)
    expect((await client.auth.email.query()).verifiedAt).not.toBeNull()
  })

  test('of an account that is disabled is not verified, nor one that nobody asked for', async () => {
    const client = await register('out')
    const key = await server.verificationKeyFor(emailOf('out'))
    const { id } = await client.auth.me.query()
    await server.client('admin').auth.users.update.mutate({ id, disabled: true })
    expect((await verify(key)).status).toBe(400)
    expect((await verify('nobody')).status).toBe(400)
    expect((await server.request('POST', '/api/user/email_verification')).status).toBe(400)
    expect((await server.request('POST', '/api/user/email_verification_request')).status).toBe(401)
  })
})

test('no key stands in the database, neither in the queue nor elsewhere', async () => {
  await register('keyless')
  await server.client().auth.requestPasswordReset.mutate({ email: emailOf('keyless') })
  const { kysely } = server.database
  const queued = await kysely
    .selectFrom('mail')
    .select(['kind', 'body'])
    .where('sent_at', 'is', null)
    .execute()
  expect(queued.map(({ body }) => body)).toEqual(queued.map(() => ''))
  expect(queued.map(({ kind }) => kind).toSorted()).toEqual(['email-verification', 'password-reset'])
  const keys = [
    await server.resetKeyFor(emailOf('keyless')),
    await server.verificationKeyFor(emailOf('keyless')),
  ]
  const { rows } = await sql<{ row: string }>`
    select to_json(v)::text as row from email_verification v union all select to_json(r)::text from password_reset r
    union all select to_json(m)::text from mail m`.execute(kysely)
  for (const key of keys) {
    expect(key).not.toBe('')
    expect(rows.map(({ row }) => row).join('\n')).not.toContain(key)
  }
})
