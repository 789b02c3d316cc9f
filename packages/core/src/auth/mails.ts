import type { Role, User } from '@casebook/api/auth'
import type { Mail } from '@casebook/db'

/** The mail with the link by which a password is reset. */
export function resetMail(user: User, { publicUrl, key }: { publicUrl: string; key: string }): Mail {
  return {
    recipient: user.email,
    subject: 'Reset your Casebook password',
    body: `Hello ${user.username},

somebody, probably you, asked to reset your Casebook password. This link works once, for 30 minutes:

${publicUrl}/password-reset?key=${key}

Or send it as JSON, { "key": "…", "password": "…" }, by POST to ${publicUrl}/api/user/password_reset.
If it was not you, do nothing: your password stays as it is.
`,
  }
}

/** The mail with the link by which an address is verified. */
export function emailVerificationMail(
  user: User,
  { publicUrl, key }: { publicUrl: string; key: string },
): Mail {
  return {
    recipient: user.email,
    subject: 'Verify your address at Casebook',
    body: `Hello ${user.username},

the Casebook account ${user.username} has this address. If it is yours, say so by this link; it works once, for 24 hours:

${publicUrl}/email-verification?key=${key}

Or send it as JSON, { "key": "…" }, by POST to ${publicUrl}/api/user/email_verification.
If it is not yours, do nothing.
`,
  }
}

/** The mail to the old address that tells of the new one. */
export function emailChangedMail(before: User, email: string): Mail {
  return {
    recipient: before.email,
    subject: 'Your Casebook account has another address',
    body: `Hello ${before.username},

the address of your Casebook account was changed just now, from this one to ${email}.
If it was not you, tell an admin at once: links to reset the password go to the new address.
`,
  }
}

/** The mail that tells of a changed password. */
export function passwordChangedMail(user: User): Mail {
  return {
    recipient: user.email,
    subject: 'Your Casebook password was changed',
    body: `Hello ${user.username},

your Casebook password was changed just now, and your other sessions were ended.
If it was not you, reset the password at once and tell an admin.
`,
  }
}

/** The mail that tells of a new API key. */
export function keyMadeMail(user: User, { name, address }: { name: string; address: string }): Mail {
  return {
    recipient: user.email,
    subject: 'A Casebook API key was made',
    body: `Hello ${user.username},

an API key was made for your Casebook account just now, from ${address}, with the name «${name}».
If it was not you, revoke it (casebook keys list, casebook keys revoke), and change your password at once.
`,
  }
}

/** The mail with an invitation. */
export function invitationMail(
  email: string,
  { role, token, publicUrl }: { role: Role; token: string; publicUrl: string },
): Mail {
  return {
    recipient: email,
    subject: 'Your invitation to Casebook',
    body: `Hello,

you are invited to register at Casebook (${publicUrl}) with this address and the role ${role}.
Your invitation works once, for seven days:

${token}

Send it as "invitation" to ${publicUrl}/api/user/register, together with "role": "${role}".
`,
  }
}
