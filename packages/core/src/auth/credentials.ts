import { DomainError, newId, type Caller, type UserId } from '@casebook/api'
import type { LoginInput, User } from '@casebook/api/auth'
import { canonicalKey, type NewSession, type Take } from '@casebook/db'
import type { Deps } from '../deps.ts'
import { networkOf } from '../limits/network.ts'
import { lockout } from '../limits/policies.ts'

/** A login of which the password was right. */
export type Login = {
  readonly user: User
  readonly hasSecondFactor: boolean
  /** What it took from the limits, and is given back when it succeeds. */
  readonly takes: readonly Take[]
  readonly epoch: number
}

/**
 * Checks user name and password; `concludeLogin` is to follow, after whatever else has to be right. The answer for an
 * unknown user, a wrong password, a disabled and a locked account is the same, and takes as long. Before anything is
 * hashed the login counts against the limits, and one that succeeds gets that back. Throws `wrong-credentials`,
 * `too-many-requests`.
 */
export async function checkCredentials(
  { database, passwords, limits }: Deps,
  { username, password }: LoginInput,
  caller: Caller,
): Promise<Login> {
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
  if (account === null || !matches || account.isLocked || account.user.disabledAt !== null)
    throw await refuse(database, { network, guessed: matches ? null : (account?.user.id ?? null) })
  const { user, hasSecondFactor, epoch } = account
  // What follows has limits of its own. Of many tries at once some lock the account before others are judged.
  if (hasSecondFactor && !(await logins.giveBack(user.id, { network, takes, epoch })))
    throw await refuse(database, { network, guessed: null })
  if (passwords.isOutdated(account.passwordHash)) {
    const hashes = { from: account.passwordHash, to: await passwords.hash(password) }
    await database.transaction((tx) => tx.userWriter.renewHash(user.id, hashes))
  }
  return { user, hasSecondFactor, takes: hasSecondFactor ? [] : takes, epoch }
}

/**
 * Ends a login of which everything was right: starts its session, forgets failures in a row, and remembers where it
 * came from. Throws `wrong-credentials` when meanwhile the account was locked or disabled, or got another password or a
 * second factor.
 */
export async function concludeLogin(
  { database }: Deps,
  { takes, epoch }: Login,
  { session, caller }: { session: NewSession; caller: Caller },
): Promise<void> {
  const network = networkOf(caller.address)
  if (!(await database.stores.logins.succeed(session, { network, takes, epoch })))
    throw await refuse(database, { network, guessed: null })
}

/** Counts a password that was guessed for an account; what is not counted takes the same way, to no row. */
async function refuse(
  { stores }: Deps['database'],
  { network, guessed }: { network: string; guessed: UserId | null },
): Promise<DomainError> {
  await stores.logins.countFailure(guessed ?? newId('user'), { network, lockout })
  return new DomainError('wrong-credentials')
}
