import { DomainError, type Caller } from '@casebook/api'
import type { EmailService, User } from '@casebook/api/auth'
import { canonicalKey, type TxStores } from '@casebook/db'
import { auditEntry } from '../audit/entries.ts'
import type { Deps } from '../deps.ts'
import { emailChangedMail } from './mails.ts'
import { assertCurrentPassword, ownAccount } from './own-account.ts'
import { hashToken } from './sessions.ts'

/** Verification of addresses, as one caller may use it. */
export function createEmailService(deps: Deps, caller: Caller): EmailService {
  const { database, limits } = deps
  return {
    async getEmail() {
      const { id } = await ownAccount(deps, caller)
      const own = await database.stores.emails.get(id)
      if (own === null) throw new DomainError('not-authenticated')
      return own
    },

    async requestEmailVerification() {
      const { id, email } = await ownAccount(deps, caller)
      const own = await database.stores.emails.get(id)
      if (own?.verifiedAt !== null) return { message: `${email} is verified already.` }
      await limits.take({ policy: limits.policies.verificationMail, of: [id] })
      await database.transaction(async (tx) => {
        await tx.mail.queueKey('email-verification', email)
        await tx.auditWriter.append(auditEntry(caller, { action: 'auth.requestEmailVerification' }))
      })
      return { message: `A mail to ${email} is on its way.` }
    },

    async verifyEmail({ key }) {
      await database.transaction(async (tx) => {
        const used = await tx.emails.useKey(hashToken(key))
        if (used === null || !(await tx.emails.markVerified(used.userId, used.email)))
          throw new DomainError('invalid-verification-key')
        await tx.auditWriter.append(auditEntry(caller, { action: 'auth.verifyEmail', resource: used.userId }))
      })
      return { message: 'Your address is verified.' }
    },
  }
}

/**
 * Demands a login of late, or the password typed again, of who wants another address: whoever got hold of a session
 * would else have reset mails sent to themselves. Throws `reauthentication-required`, `wrong-password`,
 * `too-many-requests`.
 */
export async function assertMayChangeEmail(
  deps: Deps,
  { session }: Caller,
  { user, currentPassword }: { user: User; currentPassword: string | undefined },
): Promise<void> {
  if (currentPassword !== undefined) {
    await assertCurrentPassword(deps, user, currentPassword)
    return
  }
  if (session !== null && (await deps.database.stores.sessions.isFresh(session.id))) return
  throw new DomainError('reauthentication-required', {
    errors: [{ path: 'currentPassword', message: 'is needed for another address' }],
  })
}

/**
 * Does what belongs to another address: the old one is told, keys that were sent to it are void, and the new one
 * gets a link by which it is verified.
 */
export async function followEmail(
  tx: TxStores,
  caller: Caller,
  { before, after }: { before: User; after: User },
): Promise<void> {
  if (canonicalKey(before.email) === canonicalKey(after.email)) return
  await tx.resets.voidAll(after.id)
  await tx.mail.queue(emailChangedMail(before, after.email))
  await tx.mail.queueKey('email-verification', after.email)
  await tx.auditWriter.append(auditEntry(caller, { action: 'auth.updateMe', detail: 'email' }))
}
