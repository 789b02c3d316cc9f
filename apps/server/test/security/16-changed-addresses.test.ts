import { createCasebookClient } from '@casebook/client'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type Received, type TestServer } from '../start-test-server.ts'
import { outcomeOf, password, tally, together } from './attempts.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

type Change = { username?: string; email?: string; currentPassword?: string }

/** Registers an account whose session began some minutes ago, and gives the ways to change it. */
async function register(username: string, { minutesAgo }: { minutesAgo: number }) {
  await server.client().auth.register.mutate({ username, email: `${username}@example.com`, password })
  const { token } = await server.client().auth.login.mutate({ username, password })
  await sql`update session set created_at = now() - make_interval(mins => ${minutesAgo})
    where user_id = (select id from user_account where username = ${username})`.execute(
    server.database.kysely,
  )
  const client = createCasebookClient({ url: server.url, retries: 0, token })
  const headers = { authorization: `Bearer ${token}` }
  return {
    client,
    emailNow: async () => (await client.auth.me.query()).email,
    overTrpc: async (change: Change) => (await outcomeOf(client.auth.updateMe.mutate(change))).outcome,
    overRest: (body: Change) => server.request('PATCH', '/api/user/me', { headers, body }),
  }
}

const told = ({ status, json }: Received) => {
  const { type, errors } = json as { type: string; errors?: { path: string }[] }
  return [status, type.split('/').at(-1), errors?.map(({ path }) => path)]
}

describe('security 16: an address, to which reset mails go, is not changed with a session alone', () => {
  test('once that is older than 15 minutes by the clock of the database: it takes the password', async () => {
    const { emailNow, overTrpc, overRest } = await register('olga', { minutesAgo: 15 })
    const email = 'thief@example.com'
    expect(told(await overRest({ email }))).toEqual([403, 'reauthentication-required', ['currentPassword']])
    expect(await overTrpc({ email, username: 'thief' })).toBe('reauthentication-required')
    expect(told(await overRest({ email, currentPassword: 'guessed' }))).toEqual([
      400,
      'wrong-password',
      ['currentPassword'],
    ])
    expect(await overTrpc({ email, currentPassword: '' })).toBe('wrong-password')
    expect(await emailNow()).toBe('olga@example.com')
    expect(await overTrpc({ username: 'olga2' })).toBe('done')
    expect((await overRest({ email: 'olga2@example.com', currentPassword: password })).status).toBe(200)
    expect(await overTrpc({ email: 'olga3@example.com', currentPassword: password })).toBe('done')
    expect(await emailNow()).toBe('olga3@example.com')
  })

  test('while that is younger, it is enough; a password that is typed nevertheless has to be right', async () => {
    const { overTrpc } = await register('newcomer', { minutesAgo: 14 })
    expect(await overTrpc({ email: 'newcomer2@example.com' })).toBe('done')
    expect(await overTrpc({ email: 'other@example.com', currentPassword: 'guessed' })).toBe('wrong-password')
  })

  test('nor is the password guessed for it: ten times in a quarter of an hour', async () => {
    const { overTrpc } = await register('target', { minutesAgo: 60 })
    const outcomes = await together(12, async (index) => ({
      outcome: await overTrpc({ email: 'thief@example.com', currentPassword: `guess-${index}` }),
      retryAfterSeconds: undefined,
    }))
    expect(tally(outcomes)).toEqual({ 'wrong-password': 10, 'too-many-requests': 2 })
  })

  test('nor with an API key, whatever else is sent', async () => {
    const { client } = await register('scripter', { minutesAgo: 0 })
    const { key } = await client.auth.keys.create.mutate({ name: 'all', access: 'full' })
    const script = createCasebookClient({ url: server.url, retries: 0, token: key })
    const change = { email: 'thief@example.com', currentPassword: password }
    expect((await outcomeOf(script.auth.updateMe.mutate(change))).outcome).toBe('key-refused')
  })
})
