import { DomainError, newId, type Caller } from '@casebook/api'
import type { LoginInput, User } from '@casebook/api/auth'
import { canonicalKey } from '@casebook/db'
import type { Deps } from '../deps.ts'
import { networkOf } from '../limits/network.ts'
import { lockout } from '../limits/policies.ts'

/**
 * Checks user name and password; `concludeLogin` is to follow, after whatever else has to be right. The answer for an unknown user, a wrong password, a disabled and a locked account is
 * the same, and takes as long. Before anything is hashed the login counts against the limits, and one that succeeds
 * gets that back. Throws `wrong-credentials`, `too-many-requests`.
 */
export async function checkCredentials(
  { database, passwords, limits }: Deps,
  { username, password }: LoginInput,
  caller: Caller,
): Promise<User> {
  const { logins } = database.stores
  const network = networkOf(caller.address)
  const { policies } = limits
  const charges = [
    { policy: policies.login, of: [network, canonicalKey(username)] },
    { policy: policies.loginsFromAddress, of: [network] },
  ]
  const takes = limits.takesOf(...charges)
  const { refusal, account } = await logins.enter({ login: username, network, takes })
  limits.assertTaken(refusal, ...charges)

  const matches = await passwords.verify(account?.passwordHash ?? null, password)
  const mayEnter = account !== null && matches && !account.isLocked && account.user.disabledAt === null
  // Of many tries at once some lock the account before others are judged.
  if (!mayEnter || !(await logins.giveBack(account.user.id, { network, takes }))) {
    // What is not counted takes the same way to the database, to no row.
    const counted = account !== null && !matches ? account.user.id : newId('user')
    await logins.countFailure(counted, { network, lockout })
    throw new DomainError('wrong-credentials')
  }
  if (passwords.isOutdated(account.passwordHash)) {
    const passwordHash = await passwords.hash(password)
    await database.transaction((tx) => tx.userWriter.setPassword(account.user.id, passwordHash))
  }
  return account.user
}

/**
 * Ends a login of which everything was right: forgets failures in a row, and remembers where it came from. Throws
 * `wrong-credentials` when the account was locked meanwhile.
 */
export async function concludeLogin({ database }: Deps, user: User, caller: Caller): Promise<void> {
  const isOpen = await database.stores.logins.succeed(user.id, networkOf(caller.address))
  if (!isOpen) throw new DomainError('wrong-credentials')
}
