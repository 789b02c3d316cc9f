import { idOf, uuidOf, type InvitationId, type UserId } from '@casebook/api'
import type { Invitation, Role } from '@casebook/api/auth'
import { sql } from 'kysely'
import type { Executor, Tx } from '../schema.ts'
import { canonicalKey } from './user-store.ts'

/** Keys of password resets, stored as hashes. */
export function createResetStore(tx: Tx) {
  return {
    /** Makes a key the only one of its account that works. */
    async replace(userId: UserId, keyHash: string): Promise<void> {
      await this.voidAll(userId)
      await tx
        .insertInto('password_reset')
        .values({
          key_hash: keyHash,
          user_id: uuidOf(userId),
          expires_at: sql`now() + interval '30 minutes'`,
        })
        .execute()
    },

    /** Makes the keys of an account useless. */
    async voidAll(userId: UserId): Promise<void> {
      await tx.deleteFrom('password_reset').where('user_id', '=', uuidOf(userId)).execute()
    },

    /** Uses a key up; of many at once, one succeeds. Gives the account, or null. */
    async use(keyHash: string): Promise<UserId | null> {
      const row = await tx
        .updateTable('password_reset')
        .set({ used_at: sql<string>`now()` })
        .where('key_hash', '=', keyHash)
        .where('used_at', 'is', null)
        .where('expires_at', '>', sql<string>`now()`)
        .returning('user_id')
        .executeTakeFirst()
      return row === undefined ? null : idOf('user', row.user_id)
    },
  }
}

const invitationColumns = ['id', 'email', 'role', 'created_at', 'expires_at', 'used_at'] as const

/** Invitations, their tokens stored as hashes. */
export function createInvitationStore(db: Executor) {
  return {
    async insert(invitation: {
      id: InvitationId
      tokenHash: string
      email: string
      role: Role
    }): Promise<Invitation> {
      const row = await db
        .insertInto('invitation')
        .values({
          id: uuidOf(invitation.id),
          token_hash: invitation.tokenHash,
          email: invitation.email,
          email_key: canonicalKey(invitation.email),
          role: invitation.role,
          created_at: sql`now()`,
          expires_at: sql`now() + interval '7 days'`,
        })
        .returning(invitationColumns)
        .executeTakeFirstOrThrow()
      return toInvitation(row)
    },

    async get(id: InvitationId): Promise<Invitation | null> {
      const row = await db
        .selectFrom('invitation')
        .select(invitationColumns)
        .where('id', '=', uuidOf(id))
        .executeTakeFirst()
      return row === undefined ? null : toInvitation(row)
    },

    /** Uses an invitation up, if it is live and for this address and role. */
    async use(invitation: { tokenHash: string; email: string; role: Role }): Promise<boolean> {
      const row = await db
        .updateTable('invitation')
        .set({ used_at: sql<string>`now()` })
        .where('token_hash', '=', invitation.tokenHash)
        .where('email_key', '=', canonicalKey(invitation.email))
        .where('role', '=', invitation.role)
        .where('used_at', 'is', null)
        .where('expires_at', '>', sql<string>`now()`)
        .returning('id')
        .executeTakeFirst()
      return row !== undefined
    },
  }
}

type InvitationRow = {
  id: string
  email: string
  role: Role
  created_at: string
  expires_at: string
  used_at: string | null
}

function toInvitation(row: InvitationRow): Invitation {
  return {
    id: idOf('invitation', row.id),
    email: row.email,
    role: row.role,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
  }
}
