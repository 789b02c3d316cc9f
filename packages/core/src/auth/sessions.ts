import { createHash, randomBytes } from 'node:crypto'
import {
  newId,
  type Caller,
  type CallerSession,
  type CallerUser,
  type Obligation,
  type UserId,
} from '@casebook/api'
import type { LiveSession, NewSession, SessionStore, Stores, StoredSession } from '@casebook/db'
import { Lucia, TimeSpan, type Adapter, type DatabaseSession } from 'lucia'
import { batched } from '../batching.ts'
import { noteUseOf } from './last-use.ts'
import { obligationsOf, type Demands } from './obligations.ts'

export type SessionKind = 'bearer' | 'cookie'
export type SessionsOptions = {
  /** How long a cookie lives without being used. */
  readonly idleMinutes: number
  /** How long a bearer token lives. */
  readonly tokenMinutes: number
  /** What accounts have to do before they may do anything else. */
  readonly demands: Demands
}
export type Authenticated = {
  readonly user: CallerUser
  readonly session: CallerSession
  readonly obligations: readonly Obligation[]
}
/** A session that starts when a login succeeds with it, and its token. */
export type MadeSession = {
  readonly token: string
  readonly expiresAt: Date
  readonly session: NewSession
}

/** Sessions of both kinds; the only place that knows lucia. */
export type Sessions = {
  /** Gives who a token belongs to, or null when it is unknown, expired, of the other kind, or its account disabled. */
  authenticate(token: string, kind: SessionKind): Promise<Authenticated | null>
  /** Makes a session and its token, which are nothing before they are stored. */
  make(userId: UserId, request: { kind: SessionKind; caller: Caller }): MadeSession
}

const absoluteHours = 12

/** Makes the sessions of a server process. */
export function createSessions(stores: Stores, options: SessionsOptions): Sessions {
  const lucias = {
    // lucia slides a session when half of its life is over; a bearer token does not slide.
    cookie: luciaFor(stores.sessions, new TimeSpan(options.idleMinutes, 'm')),
    bearer: luciaFor(stores.sessions, new TimeSpan(options.tokenMinutes, 'm')),
  }

  // Each request asks, so that what ends a session or changes its account tells on the next one.
  const findLive = batched((ids: readonly string[]) => stores.sessions.findLive(ids), {
    inFlight: 1,
    most: 100,
    gathers: true,
  })

  const noteUse = noteUseOf((ids: readonly string[]) => stores.sessions.noteUse(ids))

  return {
    async authenticate(token, kind) {
      const id = hashToken(token)
      const live = await findLive(id)
      if (live === undefined || live.session.kind !== kind) return null
      if (kind === 'cookie') await lucias.cookie(live).validateSession(id)
      if (!live.isNoted) await noteUse(id)
      const { user, session, standing } = live
      return { user, session, obligations: obligationsOf(options.demands, { role: user.role, standing }) }
    },

    make(userId, { kind, caller }) {
      const token = randomBytes(32).toString('base64url')
      const minutes = kind === 'cookie' ? options.idleMinutes : options.tokenMinutes
      const now = Date.now()
      const expiresAt = new Date(now + minutes * 60_000)
      const absoluteExpiresAt = kind === 'cookie' ? new Date(now + absoluteHours * 3_600_000) : expiresAt
      const session: NewSession = {
        id: hashToken(token),
        publicId: newId('session'),
        userId,
        kind,
        expiresAt,
        absoluteExpiresAt,
        address: caller.address,
        userAgent: caller.userAgent?.slice(0, 256) ?? null,
      }
      return { token, expiresAt: kind === 'cookie' ? absoluteExpiresAt : expiresAt, session }
    },
  }
}

/** What lucia and the database know of a token. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** Makes lucia for a session that is already read, so that it costs no second query. */
function luciaFor(store: SessionStore, sessionExpiresIn: TimeSpan) {
  return (live: LiveSession) => new Lucia(adapterOf(store, live), { sessionExpiresIn })
}

function adapterOf(store: SessionStore, live: LiveSession): Adapter {
  const session: DatabaseSession = { ...toDatabaseSession(live), attributes: {} }
  return {
    getSessionAndUser: async () => [session, { id: live.userId, attributes: {} }],
    updateSessionExpiration: (id, expiresAt) => store.extend(id, expiresAt),
    deleteSession: (id) => store.delete(id),
    deleteExpiredSessions: () => store.deleteExpired(),
    deleteUserSessions: async (userId) => void (await store.deleteAll(userId as UserId)),
    getUserSessions: async () => [session],
    setSession: () => Promise.reject(new Error('sessions are started by logins alone')),
  }
}

function toDatabaseSession({ id, userId, expiresAt }: StoredSession) {
  return { id, userId, expiresAt }
}
