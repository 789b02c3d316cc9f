import { idOf, uuidOf, type CallerSession, type SessionId, type UserId } from '@casebook/api'
import type { Session } from '@casebook/api/auth'
import { sql, type SqlBool } from 'kysely'
import { isAfter } from '../keyset.ts'
import { executeRead } from '../named.ts'
import type { Executor } from '../schema.ts'
import { ownerColumns, toOwner, type Owner, type OwnerRow } from './owner.ts'

/** A session as lucia knows it: `id` is the hash of the token. */
export type StoredSession = { readonly id: string; readonly userId: UserId; readonly expiresAt: Date }

export type NewSession = StoredSession & {
  readonly publicId: SessionId
  readonly kind: 'bearer' | 'cookie'
  readonly absoluteExpiresAt: Date
  readonly address: string | null
  readonly userAgent: string | null
}

/** A live session with its account. */
export type LiveSession = StoredSession &
  Owner & {
    readonly session: CallerSession
    /** Whether its last use is noted to the minute. */
    readonly isNoted: boolean
  }

/** Sessions; what counts as live is decided here, by the database's clock. */
export type SessionStore = ReturnType<typeof createSessionStore>

export function createSessionStore(db: Executor) {
  return {
    /** Finds those sessions that have expired neither way and whose accounts are not disabled. */
    async findLive(ids: readonly string[]): Promise<Map<string, LiveSession>> {
      const query = db
        .selectFrom('session as s')
        .innerJoin('user_account as u', 'u.id', 's.user_id')
        .leftJoin('patient as p', 'p.account_id', 'u.id')
        .leftJoin('second_factor as f', 'f.user_id', 'u.id')
        .select([
          's.id',
          's.public_id',
          's.kind',
          's.expires_at',
          sql<boolean>`s.last_used_at > now() - interval '1 minute'`.as('is_noted'),
          ...ownerColumns,
        ])
        .where(sql<SqlBool>`s.id = any(${ids}::text[])`)
        .where('s.expires_at', '>', sql<string>`now()`)
        .where('s.absolute_expires_at', '>', sql<string>`now()`)
        .where('u.disabled_at', 'is', null)
      const rows = await executeRead(db, query)
      return new Map(rows.map((row) => [row.id, toLiveSession(row)]))
    },

    /** Tells whether a session began within the last fifteen minutes. */
    async isFresh(publicId: SessionId): Promise<boolean> {
      const row = await db
        .selectFrom('session')
        .select('id')
        .where('public_id', '=', uuidOf(publicId))
        .where('created_at', '>', sql<string>`now() - interval '15 minutes'`)
        .executeTakeFirst()
      return row !== undefined
    },

    /** An UPDATE and never an upsert, so that it cannot undo a logout that races it. */
    async extend(id: string, expiresAt: Date): Promise<void> {
      await db
        .updateTable('session')
        .set({ expires_at: expiresAt, last_used_at: sql<string>`now()` })
        .where('id', '=', id)
        .execute()
    },

    /** Notes that sessions are being used; those that another process is about to note are left to it. */
    async noteUse(ids: readonly string[]): Promise<void> {
      await sql`update session set last_used_at = now() where id in (
        select id from session where id = any(${ids}::text[]) and last_used_at <= now() - interval '1 minute'
        for update skip locked)`.execute(db)
    },

    async delete(id: string): Promise<void> {
      await db.deleteFrom('session').where('id', '=', id).execute()
    },

    /** Tells whether a session has not been ended; when it expires is for `findLive`. */
    async isThere(publicId: SessionId): Promise<boolean> {
      const row = await db
        .selectFrom('session')
        .select('id')
        .where('public_id', '=', uuidOf(publicId))
        .executeTakeFirst()
      return row !== undefined
    },

    /** Ends one of a user's sessions; tells whether there was one. */
    async deleteOwn(userId: UserId, publicId: SessionId): Promise<boolean> {
      const row = await db
        .deleteFrom('session')
        .where('public_id', '=', uuidOf(publicId))
        .where('user_id', '=', uuidOf(userId))
        .returning('id')
        .executeTakeFirst()
      return row !== undefined
    },

    /** Ends a user's sessions, all or all but one; gives their number. */
    async deleteAll(userId: UserId, except?: SessionId): Promise<number> {
      let query = db.deleteFrom('session').where('user_id', '=', uuidOf(userId))
      if (except !== undefined) query = query.where('public_id', '<>', uuidOf(except))
      return (await query.returning('id').execute()).length
    },

    async deleteExpired(): Promise<void> {
      await db
        .deleteFrom('session')
        .where((on) =>
          on.or([
            on('expires_at', '<', sql<string>`now()`),
            on('absolute_expires_at', '<', sql<string>`now()`),
          ]),
        )
        .execute()
    },

    /** Lists a user's live sessions, latest first. */
    async list(
      userId: UserId,
      page: { limit: number; after?: SessionId | undefined },
    ): Promise<Omit<Session, 'current' | 'device'>[]> {
      let query = db
        .selectFrom('session')
        .select([
          'public_id',
          'kind',
          'created_at',
          'last_used_at',
          'address',
          'user_agent',
          sql<string>`least(expires_at, absolute_expires_at)`.as('expires_at'),
        ])
        .where('user_id', '=', uuidOf(userId))
        .where('expires_at', '>', sql<string>`now()`)
        .where('absolute_expires_at', '>', sql<string>`now()`)
        .orderBy('public_id', 'desc')
        .limit(page.limit)
      if (page.after !== undefined)
        query = query.where(isAfter([sql.ref('public_id')], [uuidOf(page.after)], 'desc'))
      return (await query.execute()).map((row) => ({
        id: idOf('session', row.public_id),
        kind: row.kind,
        createdAt: row.created_at,
        lastUsedAt: row.last_used_at,
        expiresAt: row.expires_at,
        address: row.address,
        userAgent: row.user_agent,
      }))
    },
  }
}

type LiveRow = OwnerRow & {
  id: string
  public_id: string
  kind: 'bearer' | 'cookie'
  expires_at: string
  is_noted: boolean
}

function toLiveSession(row: LiveRow): LiveSession {
  const owner = toOwner(row)
  return {
    ...owner,
    id: row.id,
    userId: owner.user.id,
    expiresAt: new Date(row.expires_at),
    session: { id: idOf('session', row.public_id), kind: row.kind },
    isNoted: row.is_noted,
  }
}
