import { DomainError, type Caller } from '@casebook/api'
import type { SecondFactorService, User } from '@casebook/api/auth'
import type { SecondFactor, TxStores } from '@casebook/db'
import { auditEntry } from '../audit/entries.ts'
import type { Deps } from '../deps.ts'
import { assertCurrentPassword, lockOwnAccount, lockWithPassword, ownAccount } from './own-account.ts'
import { demandsSecondFactor } from './obligations.ts'
import { recoveryCodesRenewedMail, totpEnrolledMail, totpRemovedMail } from './factor-mails.ts'
import { hashRecoveryCode, newRecoveryCodes } from './recovery-codes.ts'
import { openSecret, sealSecret, takeCode, wrongCode } from './second-factor.ts'
import { newTotpSecret, stepOfCode, totpUri } from './totp.ts'

/** Second factors, as one caller may use them. */
export function createTotpService(deps: Deps, caller: Caller): SecondFactorService {
  const { database, demands } = deps
  const { secondFactors } = database.stores

  const note = (tx: TxStores, action: string, resource?: string) =>
    tx.auditWriter.append(auditEntry(caller, { action, resource }))

  const confirmedFactor = async (user: User): Promise<SecondFactor> => {
    const factor = await secondFactors.get(user.id)
    if (factor === null || factor.confirmedAt === null) throw new DomainError('totp-not-enrolled')
    return factor
  }

  /** Demands both, the password and a code, for what weakens a factor. */
  const assertBoth = async (input: { currentPassword: string; code: string }, action: string) => {
    const user = await ownAccount(deps, caller)
    const factor = await confirmedFactor(user)
    const known = await assertCurrentPassword(deps, user, input.currentPassword)
    await takeCode(deps, caller, { user, factor, code: input.code, action })
    return known
  }

  return {
    async getTotp() {
      const user = await ownAccount(deps, caller)
      const factor = await secondFactors.get(user.id)
      return {
        enrolledAt: factor?.confirmedAt ?? null,
        recoveryCodesLeft: await secondFactors.countRecoveryCodes(user.id),
        isRequired: demandsSecondFactor(demands, user.role),
      }
    },

    async enrollTotp({ currentPassword }) {
      const user = await ownAccount(deps, caller)
      const known = await assertCurrentPassword(deps, user, currentPassword)
      const secret = await newTotpSecret()
      const sealed = sealSecret(deps, user, secret)
      await database.transaction(async (tx) => {
        await lockWithPassword(tx, caller, known)
        if (!(await tx.secondFactors.begin(user.id, sealed))) throw new DomainError('totp-enrolled')
        await note(tx, 'auth.totp.enroll')
      })
      return { secret, uri: await totpUri(secret, user.username) }
    },

    async confirmTotp({ code }) {
      const user = await ownAccount(deps, caller)
      await deps.limits.take({ policy: deps.limits.policies.totpConfirmation, of: [user.id] })
      const factor = await secondFactors.get(user.id)
      if (factor === null) throw new DomainError('totp-not-enrolled')
      if (factor.confirmedAt !== null) throw new DomainError('totp-enrolled')
      const step = await stepOfCode(openSecret(deps, user, factor), code.replaceAll(/[\s-]/g, ''), deps.now())
      if (step === null) throw wrongCode()
      const recoveryCodes = newRecoveryCodes()
      await database.transaction(async (tx) => {
        await lockOwnAccount(tx, caller)
        const isConfirmed = await tx.secondFactors.confirm(user.id, { secret: factor.secret, step })
        if (!isConfirmed) throw new DomainError('totp-enrolled')
        await tx.secondFactors.replaceRecoveryCodes(user.id, recoveryCodes.map(hashRecoveryCode))
        // Logins of which only the password was asked end here, those that have a session and those under way.
        await tx.userWriter.endLogins(user.id)
        await tx.sessions.deleteAll(user.id, caller.session?.id)
        await tx.mail.queue(totpEnrolledMail(user))
        await note(tx, 'auth.totp.confirm')
      })
      return { recoveryCodes }
    },

    async disableTotp(input) {
      const action = 'auth.totp.disable'
      const known = await assertBoth(input, action)
      await database.transaction(async (tx) => {
        const user = await lockWithPassword(tx, caller, known)
        await tx.secondFactors.remove(user.id)
        await tx.mail.queue(totpRemovedMail(user, 'owner'))
        await note(tx, action)
      })
      return { message: 'Your second factor is taken off.' }
    },

    async renewRecoveryCodes(input) {
      const action = 'auth.totp.renewRecoveryCodes'
      const known = await assertBoth(input, action)
      const recoveryCodes = newRecoveryCodes()
      await database.transaction(async (tx) => {
        const user = await lockWithPassword(tx, caller, known)
        await tx.secondFactors.replaceRecoveryCodes(user.id, recoveryCodes.map(hashRecoveryCode))
        await tx.mail.queue(recoveryCodesRenewedMail(user))
        await note(tx, action)
      })
      return { recoveryCodes }
    },

    async removeTotp(id) {
      if (id === caller.user?.id) {
        throw new DomainError('not-allowed', {
          detail: 'Your own second factor is taken off with your password and a code.',
        })
      }
      await database.transaction(async (tx) => {
        const locked = await tx.userWriter.lock(id)
        if (locked === null || !(await removeFactor(tx, locked.user, 'admin')))
          throw new DomainError('not-found')
        await note(tx, 'auth.users.removeTotp', id)
      })
      return null
    },
  }
}

/** Takes the factor off an account, ends its sessions and mails its owner; tells whether there was one. */
export async function removeFactor(tx: TxStores, user: User, by: 'admin' | 'operator'): Promise<boolean> {
  if (!(await tx.secondFactors.remove(user.id))) return false
  await tx.sessions.deleteAll(user.id)
  await tx.mail.queue(totpRemovedMail(user, by))
  return true
}
