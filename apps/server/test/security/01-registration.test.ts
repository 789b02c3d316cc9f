import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../start-test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const password = 'four quiet herons wade'
const nobody = { username: 'newcomer', email: 'newcomer@example.com', password }

async function countAccounts(): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from user_account`.execute(
    server.database.kysely,
  )
  return rows[0]?.count ?? 0
}

/** Sends a register body over both transports, as it is. */
async function register(body: object): Promise<{ rest: number; trpc: number; texts: string }> {
  const rest = await server.request('POST', '/api/user/register', { body })
  const trpc = await server.request('POST', '/trpc/auth.register', { body })
  return { rest: rest.status, trpc: trpc.status, texts: rest.text + trpc.text }
}

describe('security 01: what registering takes', () => {
  test.each([
    ['id', 'user_01jd3xq5e0f2q8n4v6z8a1b3c9'],
    ['isAdmin', true],
    ['admin', true],
    ['disabledAt', null],
    ['createdAt', '2020-01-01T00:00:00.000Z'],
    ['emailVerifiedAt', '2020-01-01T00:00:00.000Z'],
    ['passwordHash', '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA'],
    ['password_hash', 'x'],
    ['failedLogins', -100],
    ['patientId', 'pat_01jd3xq5e0f2q8n4v6z8a1b3e1'],
    ['user', { role: 'admin' }],
    ['constructor', { prototype: { role: 'admin' } }],
  ])('a field `%s` is refused by its name, and nothing is created', async (field, value) => {
    const before = await countAccounts()
    const { rest, trpc, texts } = await register({ ...nobody, [field]: value })
    expect([rest, trpc]).toEqual([400, 400])
    expect(texts).toContain(`"path":"${field}"`)
    expect(await countAccounts()).toBe(before)
  })

  test.each(['editor', 'clinician', 'admin', 'root', 'ADMIN', ['admin']])(
    'the role %j without an invitation is refused, and nothing is created',
    async (role) => {
      const before = await countAccounts()
      const { rest, trpc } = await register({ ...nobody, role })
      expect([rest, trpc]).toEqual([400, 400])
      expect(await countAccounts()).toBe(before)
    },
  )

  test('a query, a header or a cookie adds nothing to the body', async () => {
    const sent = { body: nobody, headers: { role: 'admin', cookie: 'role=admin' } }
    const { status } = await server.request('POST', '/api/user/register?role=admin', sent)
    // A query is no place for the fields of a body: refused, or without a say.
    const { rows } = await sql<{
      role: string
    }>`select role from user_account where username = 'newcomer'`.execute(server.database.kysely)
    expect([status, rows]).toEqual(status === 201 ? [201, [{ role: 'reader' }]] : [400, []])
  })
})

describe('security 01: an invitation', () => {
  const inviteClinician = async (email: string) => {
    await server.client('admin').auth.users.invite.mutate({ email, role: 'clinician' })
    return server.invitationFor(email)
  }
  const accept = (body: object) =>
    server.request('POST', '/api/user/register', { body: { password, ...body } })
  const guest = (name: string, invitation: string) => ({
    username: name,
    email: `${name}@example.com`,
    role: 'clinician',
    invitation,
  })

  test('is for its address and its role alone', async () => {
    const invitation = await inviteClinician('grace@example.com')
    const before = await countAccounts()
    const right = guest('grace', invitation)
    expect((await accept({ ...right, email: 'mallory@example.com' })).status).toBe(400)
    for (const role of ['admin', 'editor', 'reader'])
      expect((await accept({ ...right, role })).status, role).toBe(400)
    expect((await accept({ ...right, invitation: `${invitation.slice(0, -1)}_` })).status).toBe(400)
    expect(await countAccounts()).toBe(before)
    const { status, json } = await accept({ ...right, email: 'Grace@Example.com' })
    expect([status, json]).toMatchObject([201, { user: { role: 'clinician' } }])
  })

  test('works once, of twenty that use it at once', async () => {
    const invitation = await inviteClinician('often@example.com')
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        accept({ ...guest('often', invitation), username: `often-${index}` }),
      ),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(19)
    await sql`update user_account set email = 'left@example.com', email_key = 'left@example.com'
      where email_key = 'often@example.com'`.execute(server.database.kysely)
    expect((await accept(guest('often', invitation))).status).toBe(400)
  })

  test('is not used up by a try that fails, and ends after seven days', async () => {
    const invitation = await inviteClinician('late@example.com')
    expect((await accept({ ...guest('late', invitation), username: 'reader' })).status).toBe(400)
    expect((await accept({ ...guest('late', invitation), password: 'password1' })).status).toBe(400)
    const { kysely } = server.database
    await sql`update invitation set expires_at = expires_at - interval '7 days'`.execute(kysely)
    expect((await accept(guest('late', invitation))).status).toBe(400)
    await sql`update invitation set expires_at = expires_at + interval '7 days'`.execute(kysely)
    expect((await accept(guest('late', invitation))).status).toBe(201)
  })
})
