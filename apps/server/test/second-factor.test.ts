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

describe('enrolling an authenticator app', () => {
  test('needs the password, and counts only after a first right code', async () => {
    const account = { username: 'enrico', password: 'four quiet herons wade' }
    const email = 'enrico@example.com'
    await server.client().auth.register.mutate({ ...account, email })
    const { token } = await server.client().auth.login.mutate(account)
    const other = await server.client().auth.login.mutate(account)
    const { auth } = clientOf(token)
    expect(await reasonOf(auth.totp.enroll.mutate({ currentPassword: 'wrong' }))).toBe(
      'wrong-password BAD_REQUEST',
    )
    const { secret, uri } = await auth.totp.enroll.mutate({ currentPassword: account.password })
    expect(uri).toContain(`secret=${secret}`)
    expect(await reasonOf(auth.totp.confirm.mutate({ code: wrongCodeOf(secret, clock) }))).toBe(
      'wrong-second-factor UNAUTHORIZED',
    )
    expect((await logIn('/api/user/login', account)).status).toBe(200)
    expect(await auth.totp.get.query()).toEqual({ enrolledAt: null, recoveryCodesLeft: 0, isRequired: false })

    const { recoveryCodes } = await auth.totp.confirm.mutate({ code: codeOf(secret, clock) })
    expect(new Set(recoveryCodes).size).toBe(10)
    expect(await auth.totp.get.query()).toMatchObject({
      enrolledAt: expect.any(String),
      recoveryCodesLeft: 10,
    })
    expect((await logIn('/api/user/login', account)).status).toBe(400)
    expect(await reasonOf(clientOf(other.token).auth.me.query())).toBe('not-authenticated UNAUTHORIZED')
    expect(await reasonOf(auth.totp.enroll.mutate({ currentPassword: account.password }))).toBe(
      'totp-enrolled CONFLICT',
    )
    expect(await mailsTo(email)).toContain('Your Casebook account has a second factor')
    expect(await trailOf('enrico')).toEqual(['auth.totp.enroll allowed', 'auth.totp.confirm allowed'])
  })

  test('an enrolment that was begun anew is confirmed by the latest secret alone', async () => {
    const account = { username: 'twice', password: 'four quiet herons wade' }
    await server.client().auth.register.mutate({ ...account, email: 'twice@example.com' })
    const { auth } = clientOf((await server.client().auth.login.mutate(account)).token)
    const { password: currentPassword } = account
    const first = await auth.totp.enroll.mutate({ currentPassword })
    const second = await auth.totp.enroll.mutate({ currentPassword })
    expect(await reasonOf(auth.totp.confirm.mutate({ code: codeOf(first.secret, clock) }))).toContain('wrong')
    expect(await reasonOf(auth.totp.confirm.mutate({ code: codeOf(second.secret, clock) }))).toBe('done')
  })

  test('an enrolment lapses after a quarter of an hour, by the clock of the database', async () => {
    const account = { username: 'lapsed', password: 'four quiet herons wade' }
    await server.client().auth.register.mutate({ ...account, email: 'lapsed@example.com' })
    const { auth } = clientOf((await server.client().auth.login.mutate(account)).token)
    const { secret } = await auth.totp.enroll.mutate({ currentPassword: account.password })
    const confirm = () => reasonOf(auth.totp.confirm.mutate({ code: codeOf(secret, clock) }))
    const begunAgo = (minutes: number) =>
      sql`update second_factor set created_at = now() - make_interval(mins => ${minutes})`.execute(
        server.database.kysely,
      )
    await begunAgo(15)
    expect(await confirm()).toBe('totp-not-enrolled CONFLICT')
    await begunAgo(14)
    expect(await confirm()).toBe('done')
    await begunAgo(60)
    expect((await logIn('/api/user/login', account)).status).toBe(400)
    expect((await auth.totp.get.query()).recoveryCodesLeft).toBe(10)
  })

  test('nothing in the database shows the secret or a recovery code', async () => {
    const { secret, recoveryCodes, username } = await enroll(server, clock, 'sealed')
    const { rows } = await sql<{ row: string }>`
      select to_json(f)::text as row from second_factor f union all select to_json(r)::text from recovery_code r
      union all select to_json(m)::text from mail m union all select to_json(e)::text from audit_entry e
    `.execute(server.database.kysely)
    const all = rows.map(({ row }) => row.toLowerCase()).join('\n')
    expect(all).toContain(username)
    for (const text of [secret, ...recoveryCodes, ...recoveryCodes.map((code) => code.replaceAll('-', ''))])
      expect(all).not.toContain(text.toLowerCase())
  })

  test('without SECRET_KEY it is refused, and says what to set', async () => {
    await using keyless = await startTestServer({ secretKey: null })
    const body = { currentPassword: 'reader-of-casebook' }
    const { status, json } = await keyless.request('POST', '/api/user/totp', { as: 'reader', body })
    expect([status, json]).toEqual([409, expect.objectContaining({ detail: expect.stringContaining('key') })])
    expect(await reasonOf(keyless.client('reader').auth.totp.enroll.mutate(body))).toBe(
      'second-factor-unavailable CONFLICT',
    )
  })
})

describe('logging in with a second factor', () => {
  test.each(logins)('%s wants a code, and takes each once', async (path) => {
    const account = await enroll(server, clock, `taker-${path.length}`)
    const credentials = credentialsOf(account)
    const reason = async (code?: string) => {
      const { status, json } = await logIn(path, { ...credentials, ...(code === undefined ? {} : { code }) })
      return status === 200 ? '200' : `${status} ${(json as { type: string }).type.split('/').at(-1)}`
    }
    expect(await reason()).toBe('400 second-factor-required')
    expect(await reason('')).toBe('400 second-factor-required')
    expect(await reason(wrongCodeOf(account.secret, clock))).toBe('400 wrong-second-factor')
    const code = codeOf(account.secret, clock)
    expect(await reason(`${code.slice(0, 3)} ${code.slice(3)}`)).toBe('200')
    expect(await reason(code)).toBe('400 wrong-second-factor')
    // One that was valid before the one that was used is none any more.
    expect(await reason(codeOf(account.secret, clock, -1))).toBe('400 wrong-second-factor')
    expect(await reason(codeOf(account.secret, clock, 2))).toBe('400 wrong-second-factor')
    expect(await reason(codeOf(account.secret, clock, 1))).toBe('200')
  })

  test('over tRPC the same failures are UNAUTHORIZED', async () => {
    const account = await enroll(server, clock, 'rpc')
    const { auth } = server.client()
    for (const login of [auth.login, auth.loginSession]) {
      const call = (code?: string) =>
        reasonOf(login.mutate({ ...credentialsOf(account), ...(code === undefined ? {} : { code }) }))
      expect(await call()).toBe('second-factor-required UNAUTHORIZED')
      expect(await call(wrongCodeOf(account.secret, clock))).toBe('wrong-second-factor UNAUTHORIZED')
      expect(await call(codeOf(account.secret, clock))).toBe('done')
      clock.pass(30)
    }
  })

  test('a wrong password is told as ever, with or without a code', async () => {
    const account = await enroll(server, clock, 'teller')
    const wrong = { username: account.username, password: 'wrong' }
    const plain = await logIn('/api/user/login', wrong)
    const coded = await logIn('/api/user/login', { ...wrong, code: codeOf(account.secret, clock) })
    for (const { status, json } of [plain, coded])
      expect([status, json]).toEqual([
        400,
        expect.objectContaining({ type: expect.stringContaining('wrong-credentials') }),
      ])
    // The code was not used up by it.
    expect(
      (await logIn('/api/user/login', { ...credentialsOf(account), code: codeOf(account.secret, clock) }))
        .status,
    ).toBe(200)
  })

  test.each([
    ['a code of the app', (account: Enrolled) => codeOf(account.secret, clock)],
    ['a recovery code', (account: Enrolled) => account.recoveryCodes[3] ?? ''],
  ])('of twenty that use %s at once, one gets in', async (what, codeFor) => {
    const account = await enroll(server, clock, `racer-${what.length}`)
    const body = { ...credentialsOf(account), code: codeFor(account) }
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => logIn(logins[index % 2] ?? logins[0], body)),
    )
    const statuses = answers.map(({ status }) => status).toSorted()
    expect(statuses).toEqual([200, ...Array.from({ length: 19 }, () => 400)])
  })

  test('after five wrong codes in a row none is taken for a while, but a recovery code is', async () => {
    const account = await enroll(server, clock, 'guessed')
    const credentials = credentialsOf(account)
    const status = async (code: string) => (await logIn('/api/user/login', { ...credentials, code })).status
    const wrong = wrongCodeOf(account.secret, clock)
    for (let time = 0; time < 4; time += 1) await status(wrong)
    expect(await status(codeOf(account.secret, clock))).toBe(200)
    clock.pass(30)
    // Also when all guesses come at once.
    await Promise.all(Array.from({ length: 12 }, () => status(wrong)))
    expect(await status(codeOf(account.secret, clock))).toBe(400)
    expect(await status((account.recoveryCodes[0] ?? '').toUpperCase())).toBe(200)
    expect(await status(codeOf(account.secret, clock))).toBe(400)
    const { kysely } = server.database
    const pause = await kysely
      .selectFrom('second_factor as f')
      .innerJoin('user_account as u', 'u.id', 'f.user_id')
      .select(['f.wrong_codes', sql<number>`extract(epoch from f.refused_until - now())::int`.as('seconds')])
      .where('u.username', '=', 'guessed')
      .executeTakeFirstOrThrow()
    expect(pause.wrong_codes).toBe(5)
    expect(pause.seconds).toBeGreaterThan(14 * 60)
    await sql`update second_factor set refused_until = now() - interval '1 second' where refused_until is not null`.execute(
      kysely,
    )
    expect(await status(wrong)).toBe(400)
    expect(await status(codeOf(account.secret, clock))).toBe(400)
    await sql`update second_factor set refused_until = now() - interval '1 second' where refused_until is not null`.execute(
      kysely,
    )
    expect(await status(codeOf(account.secret, clock))).toBe(200)
  })

  test('the password alone neither forgets failures nor makes the network known', async () => {
    const enrolled = await enroll(server, clock, 'halfway')
    const account = credentialsOf(enrolled)
    const stateOf = async () => {
      const { rows } = await sql<{ failures: number; networks: number }>`
        select failed_logins as failures, (select count(*)::int from known_network as k where k.user_id = u.id) as networks
        from user_account as u where username = ${account.username}`.execute(server.database.kysely)
      return rows[0]
    }
    await sql`delete from known_network as k using user_account as u
      where k.user_id = u.id and u.username = ${account.username}`.execute(server.database.kysely)
    await logIn('/api/user/login', { ...account, password: 'wrong' })
    for (const path of logins) expect((await logIn(path, account)).status).toBe(400)
    expect(await stateOf()).toEqual({ failures: 1, networks: 0 })
    expect(
      (await logIn('/api/user/login', { ...account, code: codeOf(enrolled.secret, clock) })).status,
    ).toBe(200)
    expect(await stateOf()).toEqual({ failures: 0, networks: 1 })
  })

  test('a recovery code works once, is mailed about, and stands in the trail as wrong codes do', async () => {
    const account = await enroll(server, clock, 'recovered')
    const body = { ...credentialsOf(account), code: account.recoveryCodes[0] ?? '' }
    expect((await logIn('/api/user/login', body)).status).toBe(200)
    expect((await logIn('/api/user/login_session', body)).status).toBe(400)
    expect((await clientOf(account.token).auth.totp.get.query()).recoveryCodesLeft).toBe(9)
    expect(await mailsTo(account.email)).toContain('A recovery code of your Casebook account was used')
    expect(await trailOf('recovered')).toEqual([
      'auth.totp.enroll allowed',
      'auth.totp.confirm allowed',
      'auth.login allowed',
      'auth.loginSession failed',
    ])
  })
})
