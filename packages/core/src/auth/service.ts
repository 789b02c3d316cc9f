import { DomainError, newId, type Caller } from '@casebook/api'
import type { AuthService, LoginInput, RegisterInput, User } from '@casebook/api/auth'
import type { TxStores, UserSecrets } from '@casebook/db'
import type { Deps } from '../deps.ts'
import { assertFresh } from '../fresh.ts'
import { once } from '../once.ts'
import { namingTaken } from './accounts.ts'
import { createAdminService } from './admin-service.ts'
import { createEmailService, followEmail } from './email-service.ts'
import { passwordChangedMail } from './mails.ts'
import { assertCurrentPassword, ownAccount } from './own-account.ts'
import { createOwnSessionService } from './own-session-service.ts'
import { assertSecondFactor } from './second-factor.ts'
import { hashToken, type SessionKind } from './sessions.ts'
import { createTotpService } from './totp-service.ts'

const selfService = new Set(['reader', 'author'])

/** Accounts, as one caller may use them. */
export function createAuthService(deps: Deps, caller: Caller): AuthService {
  const { database, passwords, sessions } = deps

  const login = async (input: LoginInput, kind: SessionKind) => {
    const user = await checkCredentials(deps, input)
    const action = kind === 'bearer' ? 'auth.login' : 'auth.loginSession'
    await assertSecondFactor(deps, caller, { user, code: input.code, action })
    const started = await sessions.start(database.stores.sessions, user.id, { kind, caller })
    return {
      user,
      token: started.token,
      expires: started.expiresAt,
      expiresAt: started.expiresAt.toISOString(),
    }
  }

  const setPassword = async (tx: TxStores, user: User, passwordHash: string) => {
    await tx.userWriter.setPassword(user.id, passwordHash)
    await tx.mail.queue(passwordChangedMail(user))
  }

  return {
    ...createOwnSessionService(deps, caller),
    ...createAdminService(deps, caller),
    ...createTotpService(deps, caller),
    ...createEmailService(deps, caller),

    async register(input) {
      await passwords.assertStrong(input.password, [input.username, input.email])
      const passwordHash = await passwords.hash(input.password)
      return namingTaken(() =>
        database.transaction((tx) =>
          once(tx, { caller, operation: 'auth.register' }, async () => {
            const isInvited = await assertMayTakeRole(tx, input)
            const { username, email, role } = input
            const account = { id: newId('user'), username, email, role, passwordHash }
            const user = await tx.userWriter.insert({ ...account, isEmailVerified: isInvited })
            if (!isInvited) await tx.mail.queueKey('email-verification', email)
            return { user }
          }),
        ),
      )
    },

    async login(input) {
      const { user, token, expiresAt } = await login(input, 'bearer')
      return { token, expiresAt, user }
    },

    async loginSession(input, cookie) {
      const { user, token, expires, expiresAt } = await login(input, 'cookie')
      cookie.set(token, expires)
      return { expiresAt, user }
    },

    async me() {
      return ownAccount(deps, caller)
    },

    async updateMe(input) {
      const { id } = await ownAccount(deps, caller)
      return namingTaken(() =>
        database.transaction(async (tx) => {
          const locked = await tx.userWriter.lock(id)
          if (locked === null) throw new DomainError('not-authenticated')
          assertFresh(caller, locked.user)
          const user = await tx.userWriter.update(id, input)
          await followEmail(tx, caller, { before: locked.user, after: user })
          return user
        }),
      )
    },

    async requestPasswordReset({ email }) {
      await database.stores.mail.queueKey('password-reset', email)
      return { message: 'If the address belongs to an account, a mail is on its way.' }
    },

    async resetPassword({ key, password }) {
      await passwords.assertStrong(password, [])
      const passwordHash = await passwords.hash(password)
      const hasSecondFactor = await database.transaction(async (tx) => {
        const userId = await tx.resets.use(hashToken(key))
        const locked = userId === null ? null : await tx.userWriter.lock(userId)
        if (locked === null || locked.user.disabledAt !== null) throw new DomainError('invalid-reset-key')
        await setPassword(tx, locked.user, passwordHash)
        await tx.sessions.deleteAll(locked.user.id)
        const factor = await tx.secondFactors.get(locked.user.id)
        return factor !== null && factor.confirmedAt !== null
      })
      return {
        message: hasSecondFactor
          ? 'The password is changed. Log in with it and with a code of your second factor, which stays.'
          : 'The password is changed. Log in with it.',
      }
    },

    async changePassword({ currentPassword, newPassword }) {
      const user = await ownAccount(deps, caller)
      await assertCurrentPassword(deps, user, currentPassword)
      await passwords.assertStrong(newPassword, [user.username, user.email])
      const passwordHash = await passwords.hash(newPassword)
      await database.transaction(async (tx) => {
        await setPassword(tx, user, passwordHash)
        await tx.sessions.deleteAll(user.id, caller.session?.id)
      })
      return { message: 'The password is changed.' }
    },
  }
}

/**
 * Checks user name and password. The answer for an unknown user, a wrong password, a disabled and a locked
 * account is the same, and takes as long. Throws `wrong-credentials`.
 */
async function checkCredentials({ database, passwords }: Deps, input: LoginInput): Promise<User> {
  const known = await database.stores.users.findByLogin(input.username)
  const matches = await passwords.verify(known?.passwordHash ?? null, input.password)
  if (known === null || !matches || known.isLocked || known.user.disabledAt !== null) {
    // What is not counted takes the same way to the database, to no row.
    const counted = known !== null && !matches ? known.user.id : newId('user')
    await database.stores.users.countFailedLogin(counted)
    throw new DomainError('wrong-credentials')
  }
  await afterLogin({ database, passwords }, known, input.password)
  return known.user
}

/** Forgets failed logins, and hashes anew when the parameters have risen. */
async function afterLogin(
  { database, passwords }: Pick<Deps, 'database' | 'passwords'>,
  known: UserSecrets,
  password: string,
): Promise<void> {
  const passwordHash = passwords.isOutdated(known.passwordHash) ? await passwords.hash(password) : null
  if (passwordHash !== null)
    await database.transaction((tx) => tx.userWriter.setPassword(known.user.id, passwordHash))
  else if (known.failedLogins > 0) await database.stores.users.clearFailedLogins(known.user.id)
}

/** Uses the invitation up; tells whether there is one. It was mailed, so the address is its owner's. */
async function assertMayTakeRole(tx: TxStores, input: RegisterInput): Promise<boolean> {
  const { role, email, invitation } = input
  if (invitation === undefined) {
    if (!selfService.has(role)) throw new DomainError('role-needs-invitation')
    return false
  }
  const isUsed = await tx.invitations.use({ tokenHash: hashToken(invitation), email, role })
  if (!isUsed) throw new DomainError('invalid-invitation')
  return true
}
