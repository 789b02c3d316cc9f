import { DomainError, type Caller } from '@casebook/api'
import type { User } from '@casebook/api/auth'
import type { Deps } from '../deps.ts'

/** Gives the caller's own account. Throws `not-authenticated`. */
export async function ownAccount({ database }: Deps, caller: Caller): Promise<User> {
  const user = caller.user === null ? null : await database.stores.users.get(caller.user.id)
  if (user === null) throw new DomainError('not-authenticated')
  return user
}

/** Checks the password that somebody who is logged in types again. Throws `wrong-password`, `too-many-requests`. */
export async function assertCurrentPassword(
  { database, passwords, limits }: Deps,
  user: User,
  currentPassword: string,
): Promise<void> {
  await limits.take({ policy: limits.policies.passwordChange, of: [user.id] })
  const known = await database.stores.users.findByLogin(user.username)
  if (known === null || !(await passwords.verify(known.passwordHash, currentPassword))) {
    throw new DomainError('wrong-password', {
      errors: [{ path: 'currentPassword', message: 'is wrong' }],
    })
  }
}
