import { DomainError, newId, type Caller } from '@casebook/api'
import type { AuthService, LoginInput, RegisterInput, User } from '@casebook/api/auth'
import { canonicalKey, type TxStores } from '@casebook/db'
import type { Deps } from '../deps.ts'
import { assertFresh } from '../fresh.ts'
import { networkOf } from '../limits/network.ts'
import { once } from '../once.ts'
import { namingTaken } from './accounts.ts'
import { createAdminService } from './admin-service.ts'
import { checkCredentials, concludeLogin } from './credentials.ts'
import { assertMayChangeEmail, createEmailService, followEmail } from './email-service.ts'
import { passwordChangedMail } from './mails.ts'
import { assertCurrentPassword, lockOwnAccount, lockWithPassword, ownAccount } from './own-account.ts'
import { createKeyService } from './own-key-service.ts'
import { createOwnSessionService } from './own-session-service.ts'
import { assertSecondFactor } from './second-factor.ts'
import { hashToken, type SessionKind } from './sessions.ts'
import { createTotpService } from './totp-service.ts'

const selfService = new Set(['reader', 'author'])

/** Accounts, as one caller may use them. */
export function createAuthService(deps: Deps, caller: Caller): AuthService {
  const { database, passwords, sessions, limits } = deps
  const { policies } = limits
  const network = networkOf(caller.address)

  const login = async (input: LoginInput, kind: SessionKind) => {
    const entered = await checkCredentials(deps, input, caller)
    const { user, hasSecondFactor } = entered
    const action = kind === 'bearer' ? 'auth.login' : 'auth.loginSession'
    if (hasSecondFactor) await assertSecondFactor(deps, caller, { user, code: input.code, action })
    // Not before: who has nothing but the password neither unlocks an account nor makes their network known to it.
    const { token, expiresAt, session } = sessions.make(user.id, { kind, caller })
    await concludeLogin(deps, entered, { session, caller })
    return { user, token, expires: expiresAt, expiresAt: expiresAt.toISOString() }
  }

  const setPassword = async (tx: TxStores, user: User, passwordHash: string) => {
    await tx.userWriter.setPassword(user.id, passwordHash)
    await tx.mail.queue(passwordChangedMail(user))
  }

  return {
    ...createOwnSessionService(deps, caller),
    ...createKeyService(deps, caller),
    ...createAdminService(deps, caller),
    ...createTotpService(deps, caller),
    ...createEmailService(deps, caller),

    async register(input) {
      await limits.take({ policy: policies.registration, of: [network] })
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
      // The session of the cookie that is replaced would live on unseen (ASVS 5.0, 7.2.4).
      if (caller.user !== null && caller.session?.kind === 'cookie')
        await database.stores.sessions.deleteOwn(caller.user.id, caller.session.id)
      cookie.set(token, expires)
      return { expiresAt, user }
    },

    async me() {
      return ownAccount(deps, caller)
    },

    async updateMe({ currentPassword, ...change }) {
      const known = await ownAccount(deps, caller)
      const { id } = known
      if (change.email !== undefined) {
        await assertMayChangeEmail(deps, caller, { user: known, currentPassword })
        // Counted beforehand, by a connection of its own: each new address gets a mail, whoever it belongs to.
        await limits.take({ policy: policies.verificationMail, of: [id] })
      }
      return namingTaken(() =>
        database.transaction(async (tx) => {
          const locked = await lockOwnAccount(tx, caller)
          assertFresh(caller, locked.user)
          const user = await tx.userWriter.update(id, change)
          await followEmail(tx, caller, { before: locked.user, after: user })
          return user
        }),
      )
    },

    async requestPasswordReset({ email }) {
      await limits.take({ policy: policies.resetRequest, of: [network] })
      // An address that nobody has is counted, too; whether somebody has it is found out when the mail is sent.
      if (await limits.isWithin({ policy: policies.resetMail, of: [canonicalKey(email)] }))
        await database.stores.mail.queueKey('password-reset', email)
      return { message: 'If the address belongs to an account, a mail is on its way.' }
    },

    async resetPassword({ key, password }) {
      await limits.take({ policy: policies.reset, of: [network] })
      await passwords.assertStrong(password, [])
      const passwordHash = await passwords.hash(password)
      const hasSecondFactor = await database.transaction(async (tx) => {
        const userId = await tx.resets.use(hashToken(key))
        const locked = userId === null ? null : await tx.userWriter.lock(userId)
        if (locked === null || locked.user.disabledAt !== null) throw new DomainError('invalid-reset-key')
        await setPassword(tx, locked.user, passwordHash)
        await tx.sessions.deleteAll(locked.user.id)
        // Whoever had the account until now may have made keys.
        await tx.keys.deleteAll(locked.user.id)
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
      const known = await assertCurrentPassword(deps, user, currentPassword)
      await passwords.assertStrong(newPassword, [user.username, user.email])
      const passwordHash = await passwords.hash(newPassword)
      await database.transaction(async (tx) => {
        await setPassword(tx, await lockWithPassword(tx, caller, known), passwordHash)
        await tx.sessions.deleteAll(user.id, caller.session?.id)
      })
      return { message: 'The password is changed.' }
    },
  }
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
