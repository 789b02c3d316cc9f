import { randomBytes } from 'node:crypto'
import { uuidOf, type Caller, type UserId } from '@casebook/api'
import { exampleUser } from '@casebook/api/auth'
import { createDeps, createPasswords } from '@casebook/core'
import { readSecret } from '@casebook/db'
import { cookieNameOf } from '../../src/cookies.ts'
import { startTestServer, type Role, type TestServer, wideLimits } from '../start-test-server.ts'

/** The account of a patient whose records nobody changes; those of `linked` are everybody's to change. */
const holder = { username: 'holder', email: 'holder@example.com', password: 'nine tired otters swim' }
const roles = ['admin', 'editor', 'author', 'otherAuthor', 'clinician', 'reader', 'linked'] as const

export const actors = ['nobody', 'holder', ...roles] as const
export type Actor = (typeof actors)[number]
export type Credential = 'bearer' | 'cookie'

/** A text that only some may see, and the ids of what holds it. */
export type Canary = {
  readonly text: string
  readonly seers: readonly Actor[]
  readonly ids: readonly string[]
  /** What shows it to each of its seers, however long the lists grow. */
  readonly shownAt: readonly string[]
}

/** A server with something to hide, and callers of every kind. */
export type World = AsyncDisposable & {
  readonly server: TestServer
  readonly canaries: readonly Canary[]
  /** Ids of what there is, by the prefix of their kind. */
  readonly ids: Readonly<Record<string, readonly [string, ...string[]]>>
  /** The header by which an actor says who it is; null for nobody. */
  credentialOf(actor: Actor, kind: Credential): readonly [string, string] | null
  /** Starts the sessions of an actor again, which its own requests may have ended. */
  renew(actor: Actor): Promise<void>
}

type Object = { readonly id: string }

/** Starts the server on a database of its own. */
export async function openWorld(): Promise<World> {
  const server = await startTestServer()
  const { database } = server
  const publicUrl = 'http://127.0.0.1'
  const { sessions } = createDeps({
    database,
    passwords: createPasswords({ processes: 0 }),
    publicUrl,
    cursorKey: await readSecret(database.kysely, 'cursor'),
    sessions: { idleMinutes: 600, tokenMinutes: 720 },
    limits: wideLimits,
    secretKey: null,
    demands: { mfa: false, verifiedEmail: false },
    catalogueBytes: 0,
  })
  const { holderToken, canaries, ids } = await plant(server)
  const credentials = new Map<string, readonly [string, string]>()
  const userIds = new Map<Actor, UserId>()

  const renew = async (actor: Actor) => {
    const userId = userIds.get(actor)
    if (userId === undefined) return
    const { login_epoch: epoch } = await database.kysely
      .selectFrom('user_account')
      .select('login_epoch')
      .where('id', '=', uuidOf(userId))
      .executeTakeFirstOrThrow()
    const start = async (kind: 'bearer' | 'cookie') => {
      const { token, session } = sessions.make(userId, { kind, caller })
      await database.stores.logins.succeed(session, { network: '192.0.2.1', takes: [], epoch })
      return token
    }
    credentials.set(`${actor} bearer`, ['authorization', `Bearer ${await start('bearer')}`])
    credentials.set(`${actor} cookie`, ['cookie', `${cookieNameOf(publicUrl)}=${await start('cookie')}`])
  }
  for (const actor of actors) {
    if (actor === 'nobody') continue
    const token = actor === 'holder' ? holderToken : server.tokenOf(actor)
    const headers = { authorization: `Bearer ${token}` }
    userIds.set(actor, ((await server.request('GET', '/api/user/me', { headers })).json as { id: UserId }).id)
    await renew(actor)
  }
  return {
    server,
    canaries: [...canaries, { text: '$argon2id$', seers: [], ids: [], shownAt: [] }],
    ids,
    credentialOf: (actor, kind) => credentials.get(`${actor} ${kind}`) ?? null,
    renew,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

const caller: Caller = {
  user: null,
  session: null,
  requestId: 'fuzz',
  address: '127.0.0.1',
  userAgent: null,
}

/** Writes the canaries, each into something that only its seers may see. */
async function plant(server: TestServer) {
  const create = async (as: Role, path: string, body: object): Promise<string> => {
    const { status, text, json } = await server.request('POST', path, { as, body })
    if (status !== 201) throw new Error(`${path}: ${status} ${text}`)
    return (json as Object).id
  }
  const mark = (): string => `canary${randomBytes(8).toString('hex')}`
  const [strangers, holders, own, others, address, request] = [mark(), mark(), mark(), mark(), mark(), mark()]

  const patientWith = async (text: string): Promise<readonly [string, string]> => {
    const person = { givenName: 'Ada', familyName: text, birthDate: '1990-02-28', sex: 'female' }
    const patientId = await create('clinician', '/patients', person)
    const entry = { patientId, date: '2026-02-03', kind: 'encounter', title: text, notes: text }
    return [patientId, await create('clinician', '/records', entry)]
  }
  const strangersIds = await patientWith(strangers)
  const holdersIds = await patientWith(holders)
  await server.request('POST', '/api/user/register', { body: holder })
  const { username, password } = holder
  await server.request('PUT', `/patients/${holdersIds[0]}/account`, { as: 'clinician', body: { username } })
  const login = await server.request('POST', '/api/user/login', { body: { username, password } })
  const throwaway = { username: 'throwaway', email: `${address}@example.com`, password }
  const { json: registered } = await server.request('POST', '/api/user/register', { body: throwaway })
  await server.request('GET', '/records?limit=1', { as: 'clinician', headers: { 'x-request-id': request } })
  const ownDraft = await create('author', '/api/books', { title: own })
  const othersDraft = await create('otherAuthor', '/api/books', { title: others })

  const staff = ['clinician', 'admin'] as const
  const { id: throwawayId } = (registered as { user: Object }).user
  const pathsOf = ([patient, record]: readonly [string, string]) => [
    `/patients/${patient}`,
    `/records/${record}`,
  ]
  const canaries: readonly Canary[] = [
    { text: strangers, seers: staff, ids: strangersIds, shownAt: pathsOf(strangersIds) },
    { text: holders, seers: [...staff, 'holder'], ids: holdersIds, shownAt: [`/records/${holdersIds[1]}`] },
    { text: own, seers: ['author', 'editor', 'admin'], ids: [ownDraft], shownAt: [`/api/books/${ownDraft}`] },
    {
      text: others,
      seers: ['otherAuthor', 'editor', 'admin'],
      ids: [othersDraft],
      shownAt: [`/api/books/${othersDraft}`],
    },
    // Nor may a sample account be disabled, or become another role's.
    { text: address, seers: ['admin'], ids: [exampleUser.id], shownAt: [`/api/users?q=${address}`] },
    // Soon far down in the trail.
    { text: request, seers: ['admin'], ids: [], shownAt: [] },
  ]
  return {
    holderToken: (login.json as { token: string }).token,
    canaries,
    ids: {
      pat: [server.fill('{patient}'), server.fill('{otherPatient}'), strangersIds[0], holdersIds[0]],
      rec: [server.fill('{record}'), server.fill('{otherRecord}'), strangersIds[1], holdersIds[1]],
      book: [server.fill('{book}'), ownDraft, othersDraft],
      author: [server.fill('{author}')],
      user: [throwawayId, exampleUser.id],
    } satisfies World['ids'],
  }
}
