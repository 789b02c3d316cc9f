import { Message, NoInput } from '../fields.ts'
import { anyObligation } from '../obligations.ts'
import { returns } from '../returns.ts'
import { procedure } from '../trpc.ts'
import { OwnEmail, VerifyEmailInput } from './email-schema.ts'
import { exampleUser } from './examples.ts'

const tags = ['Accounts'] as const

/** Procedures of the router `auth` about the caller's address. */
export const emailProcedures = {
  email: procedure
    .meta({
      access: 'user',
      despite: anyObligation,
      summary: 'Show your address, and whether it is verified',
      description: '`verifiedAt` is null until the key of the verification mail has come back.',
      tags,
      examples: [
        {
          summary: 'Verified',
          output: { email: exampleUser.email, verifiedAt: '2026-01-05T09:05:00.000Z' },
        },
      ],
      rest: { method: 'GET', path: '/api/user/email' },
    })
    .input(NoInput)
    .output(returns(OwnEmail))
    .query(({ ctx }) => ctx.auth.getEmail()),

  requestEmailVerification: procedure
    .meta({
      access: 'user',
      despite: anyObligation,
      keys: 'refused',
      summary: 'Request a new mail with a verification link',
      description:
        'Registering and changing the address send one by themselves. A new key makes the old one void.',
      tags,
      errors: ['too-many-requests'],
      examples: [
        { summary: 'Again', output: { message: 'A mail to reader@casebook.example is on its way.' } },
      ],
      rest: { method: 'POST', path: '/api/user/email_verification_request' },
    })
    .input(NoInput)
    .output(returns(Message))
    .mutation(({ ctx }) => ctx.auth.requestEmailVerification()),

  verifyEmail: procedure
    .meta({
      access: 'public',
      staleCredential: 'ignored',
      despite: anyObligation,
      summary: 'Verify an address with the key of the verification mail',
      description: 'The key works once, for 24 hours, and while the account has the address it was sent to.',
      tags,
      errors: ['invalid-verification-key'],
      examples: [
        {
          summary: 'The key out of the mail',
          input: { key: 'Vf7…' },
          output: { message: 'Your address is verified.' },
        },
      ],
      rest: { method: 'POST', path: '/api/user/email_verification', input: { query: ['key'] } },
    })
    .input(VerifyEmailInput)
    .output(returns(Message))
    .mutation(({ ctx, input }) => ctx.auth.verifyEmail(input)),
}
