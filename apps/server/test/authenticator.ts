import { createCasebookClient, type CasebookClient, type CasebookError } from '@casebook/client'
import { TOTP } from 'otpauth'
import type { TestServer } from './start-test-server.ts'

/** A clock that stands still until a test moves it, and the authenticator app of an account that goes by it. */
export type Clock = { now: () => number; pass(seconds: number): void }

export function createClock(): Clock {
  let at = Date.parse('2026-01-05T09:05:00Z')
  return { now: () => at, pass: (seconds) => void (at += seconds * 1000) }
}

/** Gives the code of a secret now, or some steps of thirty seconds away. */
export function codeOf(secret: string, clock: Clock, steps = 0): string {
  return new TOTP({ secret }).generate({ timestamp: clock.now() + steps * 30_000 })
}

/** Gives a code that is wrong now, before and after. */
export function wrongCodeOf(secret: string, clock: Clock): string {
  const right = [-1, 0, 1].map((steps) => codeOf(secret, clock, steps))
  return ['000000', '111111', '222222', '333333'].find((code) => !right.includes(code)) ?? ''
}

export type Enrolled = {
  readonly username: string
  readonly email: string
  readonly password: string
  readonly token: string
  readonly secret: string
  readonly recoveryCodes: readonly string[]
}

/** Registers an account with a name of its own and enrols its app. */
export async function enroll(server: TestServer, clock: Clock, username: string): Promise<Enrolled> {
  const account = { username, email: `${username}@example.com`, password: 'four quiet herons wade' }
  const { status } = await server.request('POST', '/api/user/register', { body: account })
  if (status !== 201) throw new Error(`registering ${username} answered ${status}`)
  return { ...account, ...(await enrollKnown(server, clock, account)) }
}

/** Enrols the app of an account that is there. */
export async function enrollKnown(
  server: TestServer,
  clock: Clock,
  { username, password }: { username: string; password: string },
): Promise<Pick<Enrolled, 'token' | 'secret' | 'recoveryCodes'>> {
  const { json } = await server.request('POST', '/api/user/login', { body: { username, password } })
  const { token } = json as { token: string }
  const headers = { authorization: `Bearer ${token}` }
  const begun = await server.request('POST', '/api/user/totp', {
    headers,
    body: { currentPassword: password },
  })
  const { secret } = begun.json as { secret: string }
  const body = { code: codeOf(secret, clock) }
  const confirmed = await server.request('POST', '/api/user/totp/confirm', { headers, body })
  clock.pass(30)
  return { token, secret, ...(confirmed.json as { recoveryCodes: string[] }) }
}

/** Gives the typed client that has a token. */
export function clientAt({ url }: TestServer, token: string): CasebookClient {
  return createCasebookClient({ url, retries: 0, token })
}

/** Gives why a call over tRPC fails, with its code, or `done`. */
export function reasonOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'done',
    (error: CasebookError) => `${error.reason} ${error.code}`,
  )
}

/** Gives the subjects of the mails to an address. */
export async function subjectsTo(server: TestServer, email: string): Promise<string[]> {
  await server.mailWorker.flush()
  return server.mails.filter((mail) => mail.recipient === email).map(({ subject }) => subject)
}

/** Gives what an account did according to the audit trail, first act first. */
export async function actsOf(server: TestServer, username: string): Promise<string[]> {
  const { items } = await server.client('admin').audit.list.query({ limit: 200 })
  return items
    .filter(({ actor }) => actor?.username === username)
    .map(({ action, outcome }) => `${action} ${outcome}`)
    .toReversed()
}
