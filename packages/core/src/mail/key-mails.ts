import { randomBytes } from 'node:crypto'
import type { User } from '@casebook/api/auth'
import type { KeyMailKind, Mail, QueuedMail, TxStores } from '@casebook/db'
import { emailVerificationMail, resetMail } from '../auth/mails.ts'
import { hashToken } from '../auth/sessions.ts'

/**
 * Writes a mail that is about to be sent. One with a key gets it now, so that no key stands in the queue, and who
 * asks for one learns nothing from the time it takes. Null: nobody is to get it.
 */
export async function writeMail(tx: TxStores, mail: QueuedMail, publicUrl: string): Promise<Mail | null> {
  if (!isKeyMail(mail.kind)) return mail
  const known = await tx.users.findByLogin(mail.recipient)
  const locked = known === null ? null : await tx.userWriter.lock(known.user.id)
  if (locked === null || locked.user.disabledAt !== null) return null
  const key = randomBytes(24).toString('base64url')
  await keepKey(tx, { kind: mail.kind, user: locked.user, keyHash: hashToken(key) })
  return textOf(mail.kind, locked.user, { publicUrl, key })
}

function isKeyMail(kind: string): kind is KeyMailKind {
  return kind === 'password-reset' || kind === 'email-verification'
}

/** Makes a key the only one of its account and kind. */
async function keepKey(
  tx: TxStores,
  { kind, user, keyHash }: { kind: KeyMailKind; user: User; keyHash: string },
): Promise<void> {
  switch (kind) {
    case 'password-reset':
      return tx.resets.replace(user.id, keyHash)
    case 'email-verification':
      return tx.emails.replaceKey(user.id, { keyHash, email: user.email })
  }
}

function textOf(kind: KeyMailKind, user: User, link: { publicUrl: string; key: string }): Mail {
  switch (kind) {
    case 'password-reset':
      return resetMail(user, link)
    case 'email-verification':
      return emailVerificationMail(user, link)
  }
}
