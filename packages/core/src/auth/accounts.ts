import { DomainError, newId, type Caller, type UserId } from '@casebook/api'
import type { Role, User } from '@casebook/api/auth'
import { violatedConstraint, type Database, type TxStores } from '@casebook/db'
import type { Passwords } from './passwords.ts'

export type NewAccount = {
  readonly username: string
  readonly email: string
  readonly password: string
  readonly role: Role
}

/** Turns the unique constraints of accounts into the errors that callers know. */
export async function namingTaken<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    switch (violatedConstraint(error)) {
      case 'user_username_key':
        throw new DomainError('username-taken', {
          cause: error,
          errors: [{ path: 'username', message: 'is taken' }],
        })
      case 'user_email_key':
        throw new DomainError('email-taken', {
          cause: error,
          errors: [{ path: 'email', message: 'is taken' }],
        })
      default:
        throw error
    }
  }
}

/** Gives the id of the caller's account. Throws `not-authenticated`. */
export function ownId(caller: Caller): UserId {
  if (caller.user === null) throw new DomainError('not-authenticated')
  return caller.user.id
}

/** Makes an account of any role, as the operator's command does. Throws `username-taken`, `email-taken`, `password-refused`. */
export async function createAccount(
  { database, passwords }: { database: Database; passwords: Passwords },
  account: NewAccount,
): Promise<User> {
  await passwords.assertStrong(account.password, [account.username, account.email])
  return insertAccount({ database, passwords }, { ...account, id: newId('user') })
}

/** Makes the sample accounts, whose passwords are known to everybody. */
export async function createSampleAccounts(
  deps: { database: Database; passwords: Passwords },
  accounts: readonly (Omit<NewAccount, 'password'> & { readonly id?: UserId })[],
): Promise<void> {
  for (const account of accounts) {
    const password = `${account.username}-of-casebook`
    await insertAccount(deps, { ...account, password, id: account.id ?? newId('user') })
  }
}

async function insertAccount(
  { database, passwords }: { database: Database; passwords: Passwords },
  { password, ...account }: NewAccount & { readonly id: UserId },
): Promise<User> {
  const passwordHash = await passwords.hash(password)
  return namingTaken(() =>
    database.transaction((tx: TxStores) => tx.userWriter.insert({ ...account, passwordHash })),
  )
}
