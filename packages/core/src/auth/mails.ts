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
