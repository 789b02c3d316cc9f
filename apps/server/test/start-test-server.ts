import { checkOutputs } from '@casebook/api'
import {
  createDeps,
  createPasswords,
  createServices,
  startMailWorker,
  startSealer,
  type Demands,
  type LimitSettings,
  type MailWorker,
  type Passwords,
  type Sealer,
} from '@casebook/core'
import { createCasebookClient, type CasebookClient } from '@casebook/client'
import { readSecret, type Mail } from '@casebook/db'
import { openTestDatabase, type TestDatabase } from '@casebook/db/testing'
import { sampleAccounts } from '../src/sample-accounts.ts'
import { loadSample } from '../src/sample.ts'
import { buildQuietApp } from './quiet-app.ts'

const newPassword = 'nine tired otters swim'

export type Role = (typeof sampleAccounts)[number] | 'linked' | 'otherAuthor'
export type Sent = { readonly as?: Role; readonly body?: unknown; readonly headers?: Record<string, string> }
export type Received = {
  readonly status: number
  readonly headers: Headers
  readonly json: unknown
  readonly text: string
}

/** A server of the test's own, with the sample data, over real HTTP. */
export type TestServer = AsyncDisposable & {
  readonly url: string
  readonly database: TestDatabase
  readonly passwords: Passwords
  readonly sealer: Sealer
  readonly mails: readonly Mail[]
  readonly mailWorker: MailWorker
  request(method: string, path: string, sent?: Sent): Promise<Received>
  /** Puts ids in the place of `{record}`, `{patient}`, `{otherRecord}`, `{otherPatient}`, `{book}`. */
  fill(path: string): string
  tokenOf(role: Role): string
  /** The typed client of an account, or of nobody. */
  client(role?: Role): CasebookClient
  resetKeyFor(email: string): Promise<string>
  verificationKeyFor(email: string): Promise<string>
  invitationFor(email: string): Promise<string>
}

/** Limits that tests of other things do not meet. */
export const wideLimits: LimitSettings = {
  isOn: true,
  loginsPerMinute: 1000,
  loginsPerAddress: 1000,
  registrationsPerHour: 1000,
  resetsPerHour: 1000,
}

export type TestServerOptions = {
  readonly limits?: Partial<LimitSettings>
  readonly trustProxy?: string
  readonly publicUrl?: string
  readonly demands?: Partial<Demands>
  readonly secretKey?: Uint8Array | null
  /** The time by which codes are checked. */
  readonly now?: () => number
  /** Sends mail instead of keeping it in `mails`. */
  readonly sendMail?: (mail: Mail) => Promise<void>
}

/** Starts a server; the account `linked` is linked to the sample patient. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  checkOutputs(true)
  const database = await openTestDatabase()
  const passwords = createPasswords({ processes: 0 })
  await loadSample(database, passwords)
  const { publicUrl = 'http://127.0.0.1', secretKey = new Uint8Array(32), now } = options
  const { limits = {}, trustProxy } = options
  // What is demanded holds once everything is there.
  const demands = { mfa: false, verifiedEmail: false }
  const deps = createDeps({
    database,
    passwords,
    publicUrl,
    cursorKey: await readSecret(database.kysely, 'cursor'),
    secretKey,
    demands,
    ...(now === undefined ? {} : { now }),
    sessions: { idleMinutes: 30, tokenMinutes: 720 },
    limits: { ...wideLimits, ...limits },
    catalogueBytes: 16 * 1024 * 1024,
  })
  const undeclared: string[] = []
  const app = await buildQuietApp({
    ...(trustProxy === undefined ? {} : { trustProxy }),
    publicUrl,
    sessions: deps.sessions,
    keys: deps.keys,
    servicesOf: (caller) => createServices(deps, caller),
    ping: () => database.ping(),
    onUndeclared: (what) => undeclared.push(what),
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const mails: Mail[] = []
  const onError = (error: unknown) => console.error(error)
  const keepMail = async (mail: Mail) => void mails.push(mail)
  const transport = { send: options.sendMail ?? keepMail, close: () => undefined }
  const mail = startMailWorker({ database, transport, publicUrl, intervalMs: 60_000, onError })
  const sealer = startSealer({ database, intervalMs: 60_000, onError })

  const tokens = new Map<Role, string>()
  const request = async (method: string, path: string, sent: Sent = {}): Promise<Received> => {
    const headers: Record<string, string> = { ...sent.headers }
    if (sent.as !== undefined) headers['authorization'] = `Bearer ${tokens.get(sent.as)}`
    if ('body' in sent && headers['content-type'] === undefined) headers['content-type'] = 'application/json'
    const body =
      'body' in sent ? (typeof sent.body === 'string' ? sent.body : JSON.stringify(sent.body)) : null
    const response = await fetch(url + path, { method, headers, body, redirect: 'manual' })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, json: parse(text) }
  }
  for (const name of sampleAccounts) tokens.set(name, await login(request, name, `${name}-of-casebook`))
  const otherAuthor = {
    username: 'other-author',
    email: 'other@example.com',
    role: 'author',
    password: newPassword,
  }
  await request('POST', '/api/user/register', { body: otherAuthor })
  tokens.set('otherAuthor', await login(request, otherAuthor.username, newPassword))
  const ids = await linkAccount(request, tokens)
  Object.assign(demands, options.demands)

  /** Reads a secret out of the last mail to an address that holds one. */
  const mailed = async (email: string, secret: RegExp): Promise<string> => {
    await mail.flush()
    const last = mails.findLast((one) => one.recipient === email && secret.test(one.body))
    return secret.exec(last?.body ?? '')?.[1] ?? ''
  }
  return {
    url,
    database,
    passwords,
    sealer,
    mails,
    mailWorker: mail,
    request,
    fill: (path) => path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? name),
    tokenOf: (role) => tokens.get(role) ?? '',
    client(role) {
      const token = role === undefined ? undefined : tokens.get(role)
      return createCasebookClient({ url, retries: 0, ...(token === undefined ? {} : { token }) })
    },
    resetKeyFor: (email) => mailed(email, /password-reset\?key=([\w-]+)/),
    verificationKeyFor: (email) => mailed(email, /email-verification\?key=([\w-]+)/),
    invitationFor: (email) => mailed(email, /^\s*([\w-]{20,})$/m),
    async [Symbol.asyncDispose]() {
      await app.close()
      await mail.stop()
      await sealer.stop()
      await database[Symbol.asyncDispose]()
      if (undeclared.length > 0)
        throw new Error(`undeclared answers:\n${[...new Set(undeclared)].join('\n')}`)
    },
  }
}

type Request = TestServer['request']

async function login(request: Request, username: string, password: string): Promise<string> {
  const { json } = await request('POST', '/api/user/login', { body: { username, password } })
  return (json as { token: string }).token
}

async function linkAccount(request: Request, tokens: Map<Role, string>): Promise<Record<string, string>> {
  await request('POST', '/api/user/register', {
    body: { username: 'linked', email: 'linked@example.com', password: newPassword },
  })
  const patient = 'pat_01jd3xq5e0f2q8n4v6z8a1b3e1'
  await request('PUT', `/patients/${patient}/account`, { as: 'clinician', body: { username: 'linked' } })
  tokens.set('linked', await login(request, 'linked', newPassword))
  const all = (await request('GET', '/records?limit=100', { as: 'clinician' })).json as {
    id: string
    patientId: string
  }[]
  const other = all.find((record) => record.patientId !== patient)
  return {
    patient,
    record: 'rec_01jd3xq5e0f2q8n4v6z8a1b3e2',
    book: 'book_01jd3xq5e0f2q8n4v6z8a1b3d2',
    author: 'author_01jd3xq5e0f2q8n4v6z8a1b3d1',
    otherRecord: other?.id ?? '',
    otherPatient: other?.patientId ?? '',
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
