import { DomainError, type Caller } from '@casebook/api'
import type { User } from '@casebook/api/auth'
import type { TxStores, UserSecrets } from '@casebook/db'
import type { Deps } from '../deps.ts'

/** Gives the caller's own account. Throws `not-authenticated`. */
export async function ownAccount({ database }: Deps, caller: Caller): Promise<User> {
  const user = caller.user === null ? null : await database.stores.users.get(caller.user.id)
  if (user === null) throw new DomainError('not-authenticated')
  return user
}

/**
 * Locks the caller's own account for a change, and finds that their session or API key still counts: whatever ends
 * these locks the account first, so that nothing which was let in before is done after. Throws `not-authenticated`.
 */
export async function lockOwnAccount(tx: TxStores, { user, session, key }: Caller): Promise<UserSecrets> {
  const locked = user === null ? null : await tx.userWriter.lock(user.id)
  if (user === null || locked === null || locked.user.disabledAt !== null)
    throw new DomainError('not-authenticated')
  const isLive =
    key === undefined
      ? session !== null && (await tx.sessions.isThere(session.id))
      : (await tx.keys.getOwn(user.id, key.id)) !== null
  if (!isLive) throw new DomainError('not-authenticated')
  return locked
}

/** The same after the password was typed again, which is still to be the one. Throws `not-authenticated`, `wrong-password`. */
export async function lockWithPassword(
  tx: TxStores,
  caller: Caller,
  { passwordHash }: Pick<UserSecrets, 'passwordHash'>,
): Promise<User> {
  const locked = await lockOwnAccount(tx, caller)
  if (locked.passwordHash !== passwordHash) throw wrongPassword()
  return locked.user
}

/**
 * Checks the password that somebody who is logged in types again; gives the account as it was then. Throws
 * `wrong-password`, `too-many-requests`.
 */
export async function assertCurrentPassword(
  { database, passwords, limits }: Deps,
  user: User,
  currentPassword: string,
): Promise<UserSecrets> {
  await limits.take({ policy: limits.policies.passwordChange, of: [user.id] })
  const known = await database.stores.users.findByLogin(user.username)
  if (known === null || !(await passwords.verify(known.passwordHash, currentPassword))) throw wrongPassword()
  return known
}

function wrongPassword(): DomainError {
  return new DomainError('wrong-password', { errors: [{ path: 'currentPassword', message: 'is wrong' }] })
}
