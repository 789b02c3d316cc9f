import { idOf, uuidOf, type UserId } from '@casebook/api'
import type { Role, User } from '@casebook/api/auth'
import { sql } from 'kysely'
import { containsPattern, isAfter } from '../keyset.ts'
import type { Executor, Tx } from '../schema.ts'

/** An account with what only the login may know of it. */
export type UserSecrets = { readonly user: User; readonly passwordHash: string }

export type NewUser = {
  readonly id: UserId
  readonly username: string
  readonly email: string
  readonly passwordHash: string
  readonly role: Role
  /** Somebody vouches for the address: an invitation that was mailed to it, or the operator. */
  readonly isEmailVerified?: boolean
}

export type UserFilter = {
  readonly q?: string | undefined
  readonly role?: Role | undefined
  readonly disabled?: boolean | undefined
  readonly limit: number
  readonly after?: UserId | undefined
}

const columns = ['id', 'username', 'email', 'role', 'created_at', 'disabled_at'] as const

/** The form in which names and addresses are compared: NFKC, lower case. */
export function canonicalKey(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFKC')
}

/** Accounts. */
export function createUserStore(db: Executor) {
  return {
    async get(id: UserId): Promise<User | null> {
      const row = await db
        .selectFrom('user_account')
        .select(columns)
        .where('id', '=', uuidOf(id))
        .executeTakeFirst()
      return row === undefined ? null : toUser(row)
    },

    /** Finds an account by its user name or its address. */
    async findByLogin(login: string): Promise<UserSecrets | null> {
      const key = canonicalKey(login)
      const row = await db
        .selectFrom('user_account')
        .select([...columns, 'password_hash'])
        .where((on) => on.or([on('username_key', '=', key), on('email_key', '=', key)]))
        .executeTakeFirst()
      return row === undefined ? null : { user: toUser(row), passwordHash: row.password_hash }
    },

    /** Finds an account by its user name, or by its address once that is verified: anybody may register with one. */
    async findNamed(name: string): Promise<User | null> {
      const key = canonicalKey(name)
      const row = await db
        .selectFrom('user_account')
        .select(columns)
        .where((on) =>
          on.or([
            on('username_key', '=', key),
            on.and([on('email_key', '=', key), on('email_verified_at', 'is not', null)]),
          ]),
        )
        .executeTakeFirst()
      return row === undefined ? null : toUser(row)
    },

    async list(filter: UserFilter): Promise<User[]> {
      let query = db.selectFrom('user_account').select(columns).orderBy('id').limit(filter.limit)
      if (filter.role !== undefined) query = query.where('role', '=', filter.role)
      if (filter.disabled !== undefined)
        query = query.where('disabled_at', filter.disabled ? 'is not' : 'is', null)
      if (filter.after !== undefined)
        query = query.where(isAfter([sql.ref('id')], [uuidOf(filter.after)], 'asc'))
      if (filter.q !== undefined) {
        const pattern = containsPattern(canonicalKey(filter.q))
        query = query.where((on) =>
          on.or([on('username_key', 'like', pattern), on('email_key', 'like', pattern)]),
        )
      }
      return (await query.execute()).map(toUser)
    },
  }
}

/** Changes of accounts; what must not race locks the row. */
export function createUserWriter(tx: Tx) {
  return {
    async insert(user: NewUser): Promise<User> {
      const row = await tx
        .insertInto('user_account')
        .values({
          id: uuidOf(user.id),
          username: user.username,
          username_key: canonicalKey(user.username),
          email: user.email,
          email_key: canonicalKey(user.email),
          password_hash: user.passwordHash,
          role: user.role,
          created_at: sql`now()`,
          email_verified_at: user.isEmailVerified === true ? sql`now()` : null,
        })
        .returning(columns)
        .executeTakeFirstOrThrow()
      return toUser(row)
    },

    async lock(id: UserId): Promise<UserSecrets | null> {
      const row = await tx
        .selectFrom('user_account')
        .select([...columns, 'password_hash'])
        .where('id', '=', uuidOf(id))
        .forUpdate()
        .executeTakeFirst()
      return row === undefined ? null : { user: toUser(row), passwordHash: row.password_hash }
    },

    async update(
      id: UserId,
      change: {
        username?: string | undefined
        email?: string | undefined
        role?: Role | undefined
        disabled?: boolean | undefined
      },
    ): Promise<User> {
      const { username, email, role, disabled } = change
      const row = await tx
        .updateTable('user_account')
        .set({
          ...(username === undefined ? {} : { username, username_key: canonicalKey(username) }),
          ...(email === undefined ? {} : changeOfEmail(email)),
          ...(role === undefined ? {} : { role }),
          ...(disabled === undefined
            ? {}
            : { disabled_at: disabled ? sql<string>`coalesce(disabled_at, now())` : null, ...nextEpoch }),
        })
        .where('id', '=', uuidOf(id))
        .returning(columns)
        .executeTakeFirstOrThrow()
      return toUser(row)
    },

    async setPassword(id: UserId, passwordHash: string): Promise<void> {
      await tx
        .updateTable('user_account')
        .set({ password_hash: passwordHash, failed_logins: 0, locked_until: null, ...nextEpoch })
        .where('id', '=', uuidOf(id))
        .execute()
    },

    /** Keeps another hash of the same password, unless it was changed since. */
    async renewHash(id: UserId, { from, to }: { from: string; to: string }): Promise<void> {
      await tx
        .updateTable('user_account')
        .set({ password_hash: to })
        .where('id', '=', uuidOf(id))
        .where('password_hash', '=', from)
        .execute()
    },

    /** Ends the logins of an account that are under way: what they have shown is not enough any more. */
    async endLogins(id: UserId): Promise<void> {
      await tx.updateTable('user_account').set(nextEpoch).where('id', '=', uuidOf(id)).execute()
    },

    /** Counts the admins that are not disabled, under a lock on all of them. */
    async countAdmins(): Promise<number> {
      const rows = await tx
        .selectFrom('user_account')
        .select('id')
        .where('role', '=', 'admin')
        .where('disabled_at', 'is', null)
        .orderBy('id')
        .forUpdate()
        .execute()
      return rows.length
    },
  }
}

const nextEpoch = { login_epoch: sql<number>`login_epoch + 1` }

/** Another address is not verified; another spelling of the same one is as it was. */
function changeOfEmail(email: string) {
  const key = canonicalKey(email)
  return {
    email,
    email_key: key,
    email_verified_at: sql<string | null>`case when email_key = ${key} then email_verified_at end`,
  }
}

export type UserRow = {
  id: string
  username: string
  email: string
  role: Role
  created_at: string
  disabled_at: string | null
}

export function toUser(row: UserRow): User {
  return {
    id: idOf('user', row.id),
    username: row.username,
    email: row.email,
    role: row.role,
    createdAt: row.created_at,
    disabledAt: row.disabled_at,
  }
}
