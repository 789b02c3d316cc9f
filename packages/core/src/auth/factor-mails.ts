import type { User } from '@casebook/api/auth'
import type { Mail } from '@casebook/db'

/** The mail that tells of a new second factor. */
export function totpEnrolledMail(user: User): Mail {
  return notice(user, 'Your Casebook account has a second factor', [
    'an authenticator app was enrolled for your Casebook account just now. From now on logging in needs a code of it,',
    'or one of the recovery codes that were shown.',
  ])
}

/** The mail that tells that a second factor is gone; `by` says who took it off. */
export function totpRemovedMail(user: User, by: 'owner' | 'admin' | 'operator'): Mail {
  const who = {
    owner: 'with your password and a code',
    admin: 'by an admin, and your sessions were ended',
    operator: 'by whoever runs the server, and your sessions were ended',
  }[by]
  return notice(user, 'Your Casebook account has no second factor any more', [
    `the second factor of your Casebook account was taken off just now, ${who}.`,
    'Logging in needs the password alone until you enrol another one.',
  ])
}

/** The mail that tells of a recovery code that was used. */
export function recoveryCodeUsedMail(user: User, left: number): Mail {
  return notice(user, 'A recovery code of your Casebook account was used', [
    'a recovery code of your Casebook account was used just now in place of a code of the authenticator app.',
    left === 0 ? 'None is left: make new ones.' : `Left: ${left}.`,
  ])
}

/** The mail that tells of new recovery codes. */
export function recoveryCodesRenewedMail(user: User): Mail {
  return notice(user, 'Your Casebook account has new recovery codes', [
    'new recovery codes were made for your Casebook account just now. The old ones are void.',
  ])
}

function notice(user: User, subject: string, lines: readonly string[]): Mail {
  return {
    recipient: user.email,
    subject,
    body: `Hello ${user.username},

${lines.join('\n')}

If it was not you, reset your password at once and tell an admin.
`,
  }
}
