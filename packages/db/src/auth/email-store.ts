import { idOf, uuidOf, type UserId } from '@casebook/api'
import { sql } from 'kysely'
import type { Executor } from '../schema.ts'
import { canonicalKey } from './user-store.ts'

/** An address of an account, and since when it is known to be its owner's. */
export type OwnEmail = { readonly email: string; readonly verifiedAt: string | null }

/** Verification of addresses; keys are stored as hashes. */
export function createEmailStore(db: Executor) {
  return {
    async get(userId: UserId): Promise<OwnEmail | null> {
      const row = await db
        .selectFrom('user_account')
        .select(['email', 'email_verified_at'])
        .where('id', '=', uuidOf(userId))
        .executeTakeFirst()
      return row === undefined ? null : { email: row.email, verifiedAt: row.email_verified_at }
    },

    /** Makes a key for an address the only one of its account that works. */
    async replaceKey(userId: UserId, { keyHash, email }: { keyHash: string; email: string }): Promise<void> {
      await db.deleteFrom('email_verification').where('user_id', '=', uuidOf(userId)).execute()
      await db
        .insertInto('email_verification')
        .values({
          key_hash: keyHash,
          user_id: uuidOf(userId),
          email_key: canonicalKey(email),
          expires_at: sql`now() + interval '24 hours'`,
        })
        .execute()
    },

    /** Uses a key up; of many at once, one succeeds. Gives whose it was and the address it was sent to, or null. */
    async useKey(keyHash: string): Promise<{ userId: UserId; email: string } | null> {
      const row = await db
        .updateTable('email_verification')
        .set({ used_at: sql<string>`now()` })
        .where('key_hash', '=', keyHash)
        .where('used_at', 'is', null)
        .where('expires_at', '>', sql<string>`now()`)
        .returning(['user_id', 'email_key'])
        .executeTakeFirst()
      return row === undefined ? null : { userId: idOf('user', row.user_id), email: row.email_key }
    },

    /** Takes the address of an account as verified, if it is still this one and the account not disabled. */
    async markVerified(userId: UserId, email: string): Promise<boolean> {
      const row = await db
        .updateTable('user_account')
        .set({ email_verified_at: sql<string>`coalesce(email_verified_at, now())` })
        .where('id', '=', uuidOf(userId))
        .where('email_key', '=', canonicalKey(email))
        .where('disabled_at', 'is', null)
        .returning('id')
        .executeTakeFirst()
      return row !== undefined
    },
  }
}
