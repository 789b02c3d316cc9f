import { idOf, uuidOf, type CallerKey, type KeyId, type UserId } from '@casebook/api'
import type { ApiKey, KeyAccess, KeyDomain } from '@casebook/api/auth'
import { sql, type SqlBool } from 'kysely'
import { isAfter } from '../keyset.ts'
import { executeRead } from '../named.ts'
import type { Executor } from '../schema.ts'
import { ownerColumns, toOwner, type Owner, type OwnerRow } from './owner.ts'

export type NewKey = {
  readonly id: KeyId
  readonly keyHash: string
  readonly userId: UserId
  readonly name: string
  readonly start: string
  readonly access: KeyAccess
  readonly domains: readonly KeyDomain[] | null
  readonly expiresInDays: number
}

/** A live key with its owner. */
export type LiveKey = Owner & {
  readonly key: CallerKey
  /** Whether its last use is noted to the minute. */
  readonly isNoted: boolean
}

const columns = [
  'id',
  'name',
  'start',
  'access',
  'domains',
  'created_at',
  'expires_at',
  'last_used_at',
] as const

/** API keys, stored as hashes; what counts as live is decided here, by the database's clock. */
export function createKeyStore(db: Executor) {
  return {
    async insert(key: NewKey): Promise<ApiKey> {
      const row = await db
        .insertInto('api_key')
        .values({
          id: uuidOf(key.id),
          key_hash: key.keyHash,
          user_id: uuidOf(key.userId),
          name: key.name,
          start: key.start,
          access: key.access,
          domains: key.domains === null ? null : [...key.domains],
          created_at: sql`now()`,
          expires_at: sql`now() + make_interval(days => ${key.expiresInDays})`,
        })
        .returning(columns)
        .executeTakeFirstOrThrow()
      return toKey(row)
    },

    /** Puts another secret in the place of a key's; null when the key is gone. */
    async renew(id: KeyId, { keyHash, start }: Pick<NewKey, 'keyHash' | 'start'>): Promise<ApiKey | null> {
      const row = await db
        .updateTable('api_key')
        .set({ key_hash: keyHash, start })
        .where('id', '=', uuidOf(id))
        .returning(columns)
        .executeTakeFirst()
      return row === undefined ? null : toKey(row)
    },

    /** Finds those keys that have not expired and whose owners are not disabled, by their hashes. */
    async findLive(hashes: readonly string[]): Promise<Map<string, LiveKey>> {
      const query = db
        .selectFrom('api_key as k')
        .innerJoin('user_account as u', 'u.id', 'k.user_id')
        .leftJoin('patient as p', 'p.account_id', 'u.id')
        .leftJoin('second_factor as f', 'f.user_id', 'u.id')
        .select([
          'k.key_hash',
          'k.id',
          'k.access',
          'k.domains',
          sql<boolean>`coalesce(k.last_used_at > now() - interval '1 minute', false)`.as('is_noted'),
          ...ownerColumns,
        ])
        .where(sql<SqlBool>`k.key_hash = any(${hashes}::text[])`)
        .where('k.expires_at', '>', sql<string>`now()`)
        .where('u.disabled_at', 'is', null)
      const rows = await executeRead(db, query)
      return new Map(rows.map((row) => [row.key_hash, toLiveKey(row)]))
    },

    /** Notes that keys are being used; those that another process is about to note are left to it. */
    async noteUse(ids: readonly KeyId[]): Promise<void> {
      await sql`update api_key set last_used_at = now() where id in (
        select id from api_key where id = any(${ids.map(uuidOf)}::uuid[])
          and (last_used_at is null or last_used_at <= now() - interval '1 minute')
        for update skip locked)`.execute(db)
    },

    async getOwn(userId: UserId, id: KeyId): Promise<ApiKey | null> {
      const row = await db
        .selectFrom('api_key')
        .select(columns)
        .where('id', '=', uuidOf(id))
        .where('user_id', '=', uuidOf(userId))
        .executeTakeFirst()
      return row === undefined ? null : toKey(row)
    },

    /** Revokes one of a user's keys; tells whether there was one. */
    async deleteOwn(userId: UserId, id: KeyId): Promise<boolean> {
      const row = await db
        .deleteFrom('api_key')
        .where('id', '=', uuidOf(id))
        .where('user_id', '=', uuidOf(userId))
        .returning('id')
        .executeTakeFirst()
      return row !== undefined
    },

    async deleteAll(userId: UserId): Promise<void> {
      await db.deleteFrom('api_key').where('user_id', '=', uuidOf(userId)).execute()
    },

    /** Forgets keys a month after they have expired; until then their owners see why they are refused. */
    async purge(): Promise<void> {
      await db
        .deleteFrom('api_key')
        .where('expires_at', '<', sql<string>`now() - interval '30 days'`)
        .execute()
    },

    /** Lists a user's keys, latest first. */
    async list(userId: UserId, page: { limit: number; after?: KeyId | undefined }): Promise<ApiKey[]> {
      let query = db
        .selectFrom('api_key')
        .select(columns)
        .where('user_id', '=', uuidOf(userId))
        .orderBy('id', 'desc')
        .limit(page.limit)
      if (page.after !== undefined)
        query = query.where(isAfter([sql.ref('id')], [uuidOf(page.after)], 'desc'))
      return (await query.execute()).map(toKey)
    },
  }
}

type KeyRow = {
  id: string
  name: string
  start: string
  access: KeyAccess
  domains: KeyDomain[] | null
  created_at: string
  expires_at: string
  last_used_at: string | null
}

function toKey(row: KeyRow): ApiKey {
  return {
    id: idOf('key', row.id),
    name: row.name,
    start: row.start,
    access: row.access,
    domains: row.domains,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  }
}

type LiveRow = Pick<KeyRow, 'id' | 'access' | 'domains'> &
  OwnerRow & {
    is_noted: boolean
  }

function toLiveKey(row: LiveRow): LiveKey {
  return {
    ...toOwner(row),
    key: { id: idOf('key', row.id), access: row.access, domains: row.domains },
    isNoted: row.is_noted,
  }
}
