import { newId, type UserId } from '@casebook/api'
import type { Role } from '@casebook/api/auth'
import { createAccount, createPasswords, type Passwords } from '@casebook/core'
import { sql } from 'kysely'
import { startTestServer, type TestServer } from '../../start-test-server.ts'
import type { Actor } from './entry.ts'

const password = 'nine tired otters swim'

type Account = { readonly id: UserId; readonly username: string; readonly email: string }

/** A server with everybody and everything that the matrix is about, and what makes more of it. */
export type World = AsyncDisposable & {
  readonly server: TestServer
  readonly ids: Readonly<
    Record<
      | 'draft'
      | 'published'
      | 'record'
      | 'noRecord'
      | 'patient'
      | 'noPatient'
      | 'otherPatient'
      | 'otherRecord'
      | 'invitation',
      string
    >
  >
  readonly wrongPassword: object
  /** The token of an actor; undefined for nobody. */
  tokenOf(actor: Actor): string | undefined
  /** The token of an account that nobody else uses, of the same role. */
  freshTokenOf(actor: Actor): Promise<string | undefined>
  /** A word that nobody has used yet. */
  word(): string
  /** What registers somebody new. */
  newcomer(): object
  account(): Promise<Account>
  credentialsOf(account: Account): object
  /** The input that names the session which an actor began last. */
  sessionOf(actor: Actor): Promise<object>
  sessionOfSomebody(): Promise<object>
  draft(): Promise<string>
  author(): Promise<string>
  patient(): Promise<string>
  linkedPatient(): Promise<string>
}

const roles: Partial<Record<Actor, Role>> = {
  author: 'author',
  otherAuthor: 'author',
  editor: 'editor',
  clinician: 'clinician',
  admin: 'admin',
}

/** Makes the world. Each request of it comes from an address of its own, so that no limit per address is met. */
export async function createWorld(): Promise<World> {
  const server = await startTestServer({ trustProxy: 'loopback' })
  const { database } = server
  const passwordHash = await createPasswords({ processes: 0 }).hash(password)
  // One hash does for all: it is slow to make, as it should be.
  const passwords = {
    assertStrong: async () => undefined,
    hash: async () => passwordHash,
  } as unknown as Passwords
  let count = 0
  const word = () => `word${(count += 1)}`
  const account = (role: Role = 'reader', username = word()): Promise<Account> =>
    createAccount({ database, passwords }, { username, email: `${username}@example.com`, password, role })
  const credentialsOf = ({ username }: { username: string }) => ({ username, password })

  const login = async (username: string, words: string) => {
    const headers = { 'x-forwarded-for': addressOf((count += 1)) }
    const body = { username, password: words }
    const { json } = await server.request('POST', '/api/user/login', { body, headers })
    return (json as { token: string }).token
  }
  const [otherLinked, disabled] = [
    await account('reader', 'other-linked'),
    await account('admin', 'disabled'),
  ]
  const tokens = new Map<Actor, string>()
  tokens.set('otherLinked', await login(otherLinked.username, password))
  tokens.set('disabled', await login(disabled.username, password))
  // Its session stays: what refuses it is not that the session is gone.
  await sql`update user_account set disabled_at = now() where username = 'disabled'`.execute(database.kysely)

  const { books, records } = {
    books: server.client('author').books,
    records: server.client('clinician').records,
  }
  const otherPatient = server.fill('{otherPatient}')
  await records.patients.linkAccount.mutate({ id: otherPatient, username: otherLinked.username })
  const draft = async () => (await books.create.mutate({ title: word() })).id
  const published = await draft()
  await server.client('editor').books.publish.mutate({ id: published })
  const patient = async () => {
    const name = { givenName: 'Ida', familyName: word() }
    return (await records.patients.create.mutate({ ...name, birthDate: '1970-01-02', sex: 'female' })).id
  }
  const invited = { email: 'invited@example.com', role: 'editor' } as const
  const freshTokenOf = async (actor: Actor) => {
    if (actor === 'nobody' || actor === 'disabled') return tokens.get(actor)
    return login((await account(roles[actor] ?? 'reader')).username, password)
  }
  const latest = new Map<Actor, string>()

  return {
    server,
    ids: {
      draft: await draft(),
      published,
      patient: server.fill('{patient}'),
      record: server.fill('{record}'),
      otherPatient,
      otherRecord: server.fill('{otherRecord}'),
      noPatient: newId('patient'),
      noRecord: newId('record'),
      invitation: (await server.client('admin').auth.users.invite.mutate(invited)).id,
    },
    wrongPassword: { currentPassword: 'not it', newPassword: 'four quiet herons wade' },
    tokenOf: (actor) =>
      actor === 'nobody'
        ? undefined
        : (tokens.get(actor) ??
          server.tokenOf(actor as Exclude<Actor, 'nobody' | 'otherLinked' | 'disabled'>)),
    async freshTokenOf(actor) {
      const token = await freshTokenOf(actor)
      latest.set(actor, token ?? '')
      return token
    },
    word,
    newcomer: () => ({ username: word(), email: `${word()}@example.com`, password }),
    account: () => account(),
    credentialsOf,
    async sessionOf(actor) {
      const headers = { authorization: `Bearer ${latest.get(actor)}` }
      const { json, status } = await server.request('GET', '/api/user/sessions', { headers })
      const sessions = status === 200 ? (json as { id: string; current: boolean }[]) : []
      return { id: sessions.find(({ current }) => current)?.id ?? newId('session') }
    },
    async sessionOfSomebody() {
      const somebody = await login((await account()).username, password)
      const headers = { authorization: `Bearer ${somebody}` }
      const { json } = await server.request('GET', '/api/user/sessions', { headers })
      return { id: (json as { id: string }[])[0]?.id }
    },
    draft,
    author: async () => (await server.client('editor').books.authors.create.mutate({ name: word() })).id,
    patient,
    async linkedPatient() {
      const id = await patient()
      await records.patients.linkAccount.mutate({ id, username: (await account()).username })
      return id
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

/** An address of the range for documentation and tests (RFC 3849). */
export function addressOf(number: number): string {
  return `2001:db8::${number.toString(16)}`
}
