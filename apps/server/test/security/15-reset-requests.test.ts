import { startMailWorker } from '@casebook/core'
import type { Mail } from '@casebook/db'
import { sql } from 'kysely'
import { describe, expect, test, vi } from 'vitest'
import { startTestServer, type TestServer } from '../start-test-server.ts'

const known = 'reader@casebook.example'
const disabled = 'author@casebook.example'
const unknown = 'nobody@casebook.example'

/** Asks for a reset over both transports; what is of one answer alone is left out. */
async function request(server: TestServer, email: string) {
  const body = { email }
  const rest = await server.request('POST', '/api/user/password_reset_request', { body })
  const trpc = await server.request('POST', '/trpc/auth.requestPasswordReset', { body })
  return [rest, trpc].map(({ status, text, headers }) => {
    const shown = Object.fromEntries(headers)
    for (const own of ['date', 'x-request-id']) delete shown[own]
    return { status, text, headers: shown }
  })
}

async function startWithDisabledAuthor(): Promise<TestServer> {
  const server = await startTestServer()
  await sql`update user_account set disabled_at = now() where username = 'author'`.execute(
    server.database.kysely,
  )
  return server
}

/** Notes by name what is asked of the database from here on. */
function watchSteps({ database }: TestServer): { take(): string[] } {
  let steps: string[] = []
  const watch = (name: string, owner: Record<string, unknown>) => {
    for (const [method, work] of Object.entries(owner)) {
      if (typeof work !== 'function') continue
      owner[method] = (...args: unknown[]) => {
        steps.push(`${name}.${method}`)
        return Reflect.apply(work, owner, args)
      }
    }
  }
  for (const [name, store] of Object.entries(database.stores))
    if (typeof store === 'object') watch(name, store)
  const transaction = database.transaction.bind(database)
  Object.assign(database, {
    transaction: (work: Parameters<typeof transaction>[0]) => {
      steps.push('transaction')
      return transaction(work)
    },
  })
  return {
    take() {
      const taken = steps
      steps = []
      return taken
    },
  }
}

async function waiting({ database }: TestServer) {
  return database.kysely
    .selectFrom('mail')
    .select(['recipient', 'body', 'attempts', sql<boolean>`next_attempt_at <= now()`.as('is_due')])
    .where('sent_at', 'is', null)
    .where('kind', '=', 'password-reset')
    .execute()
}

describe('security 15: a request for a reset', () => {
  test('has the same answer for a known, a disabled and an unknown address', async () => {
    await using server = await startWithDisabledAuthor()
    const expected = await request(server, known)
    expect(expected.map(({ status }) => status)).toEqual([200, 200])
    for (const email of [unknown, disabled, known.toUpperCase(), 'linked@example.com'])
      expect(await request(server, email), email).toEqual(expected)
  })

  test('takes the same steps for all of them, none of which looks for the account, so the same time', async () => {
    await using server = await startWithDisabledAuthor()
    const steps = watchSteps(server)
    for (const email of [known, unknown, disabled]) {
      await request(server, email)
      const once = ['limits.take', 'limits.take', 'mail.queueKey']
      expect(steps.take(), email).toEqual([...once, ...once])
    }
  })

  test('mails whoever has the address, and nobody else', async () => {
    await using server = await startWithDisabledAuthor()
    for (const email of [unknown, disabled, known.toUpperCase()])
      await server.client().auth.requestPasswordReset.mutate({ email })
    await server.mailWorker.flush()
    const resets = server.mails.filter(({ body }) => body.includes('/password-reset?key='))
    // To the address of the account, not to the spelling that somebody typed.
    expect(resets.map(({ recipient }) => recipient)).toEqual([known])
    expect(await waiting(server)).toEqual([])
  })

  test('is answered while a mail is being sent, and takes no part in sending', async () => {
    const begun = Promise.withResolvers<void>()
    const ending = Promise.withResolvers<void>()
    const sent: Mail[] = []
    await using server = await startTestServer({
      async sendMail(mail) {
        begun.resolve()
        await ending.promise
        sent.push(mail)
      },
    })
    await server.client().auth.requestPasswordReset.mutate({ email: known })
    expect(await waiting(server)).toMatchObject([{ recipient: known, body: '' }])
    const flushed = server.mailWorker.flush()
    await begun.promise
    // PGlite has one connection, which the mail holds while it is on its way.
    if (server.database.engine.kind === 'postgres')
      expect((await request(server, known))[0]).toMatchObject({ status: 200 })
    expect(sent).toEqual([])
    ending.resolve()
    await flushed
    expect(sent.filter(({ body }) => body.includes('/password-reset?key=')).length).toBeGreaterThan(0)
  })

  test('whose mail cannot be sent is tried again, later each time, and then sent with a key that works', async () => {
    const sent: Mail[] = []
    let failures = 2
    await using server = await startTestServer({
      async sendMail(mail) {
        if (mail.body.includes('/password-reset?key=') && failures > 0) {
          failures -= 1
          throw new Error('the mail server is away, as this test wants it')
        }
        sent.push(mail)
      },
    })
    vi.spyOn(console, 'error').mockReturnValue()
    const { kysely } = server.database
    await server.client().auth.requestPasswordReset.mutate({ email: known })
    for (const attempts of [1, 2]) {
      await server.mailWorker.flush()
      expect(await waiting(server)).toMatchObject([{ attempts, is_due: false, body: '' }])
      await server.mailWorker.flush()
      expect(await waiting(server)).toMatchObject([{ attempts }])
      await sql`update mail set next_attempt_at = now() - interval '1 second' where sent_at is null`.execute(
        kysely,
      )
    }
    await server.mailWorker.flush()
    expect(await waiting(server)).toEqual([])
    const [mail, ...others] = sent.filter(({ recipient }) => recipient === known)
    expect(others).toEqual([])
    const key = /key=([\w-]+)/.exec(mail?.body ?? '')?.[1] ?? ''
    const reset = { key, password: 'nine tired otters swim' }
    expect((await server.request('POST', '/api/user/password_reset', { body: reset })).status).toBe(200)
  })

  test('is mailed once, whatever number of servers send', async () => {
    await using server = await startTestServer()
    const { database } = server
    const sent: Mail[] = []
    const transport = { send: async (mail: Mail) => void sent.push(mail), close: () => undefined }
    const workers = Array.from({ length: 4 }, () =>
      startMailWorker({
        database,
        transport,
        publicUrl: server.url,
        intervalMs: 60_000,
        onError: (error) => console.error(error),
      }),
    )
    const emails = [known, 'editor@casebook.example', 'admin@casebook.example', 'clinician@casebook.example']
    for (const email of emails) await server.client().auth.requestPasswordReset.mutate({ email })
    await Promise.all(workers.map((worker) => worker.flush()))
    await Promise.all(workers.map((worker) => worker.stop()))
    const resets = sent.filter(({ body }) => body.includes('/password-reset?key='))
    expect(resets.map(({ recipient }) => recipient).toSorted()).toEqual(emails.toSorted())
  })
})
