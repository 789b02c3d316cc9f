import { Message, NoInput } from '../fields.ts'
import { anyObligation } from '../obligations.ts'
import { returns } from '../returns.ts'
import { procedure, router } from '../trpc.ts'
import {
  ChangeTotpInput,
  ConfirmTotpInput,
  EnrollTotpInput,
  RecoveryCodes,
  Totp,
  TotpEnrollment,
} from './second-factor-schema.ts'

const tags = ['Second factor'] as const
const codeStatuses = { 'second-factor-required': 400, 'wrong-second-factor': 400 } as const
const changeErrors = [
  'wrong-password',
  'too-many-requests',
  'totp-not-enrolled',
  'second-factor-required',
  'wrong-second-factor',
  'second-factor-unavailable',
] as const
const exampleCodes = { recoveryCodes: ['7kq2-m4xd-9rtv-0hcw', 'b1zn-86yj-e5gs-3pfa'] }

export const totpRouter = router({
  get: procedure
    .meta({
      access: 'user',
      keys: 'refused',
      despite: anyObligation,
      summary: 'Show whether you have a second factor',
      description: 'Since when, how many recovery codes are left, and whether the server demands one of you.',
      tags,
      examples: [{ summary: 'None', output: { enrolledAt: null, recoveryCodesLeft: 0, isRequired: false } }],
      rest: { method: 'GET', path: '/api/user/totp' },
    })
    .input(NoInput)
    .output(returns(Totp))
    .query(({ ctx }) => ctx.auth.getTotp()),

  enroll: procedure
    .meta({
      access: 'user',
      keys: 'refused',
      despite: anyObligation,
      summary: 'Begin to enrol an authenticator app (TOTP, RFC 6238)',
      description:
        'Answers the secret, once. The factor counts from its first right code on, which `confirm` takes; until then a new call replaces the secret. An enrolment lapses after 15 minutes.',
      tags,
      errors: ['wrong-password', 'too-many-requests', 'totp-enrolled', 'second-factor-unavailable'],
      examples: [
        {
          summary: 'The sample reader',
          input: { currentPassword: 'reader-of-casebook' },
          output: {
            secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
            uri: 'otpauth://totp/Casebook:reader?issuer=Casebook&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30',
          },
        },
      ],
      rest: { method: 'POST', path: '/api/user/totp' },
    })
    .input(EnrollTotpInput)
    .output(returns(TotpEnrollment))
    .mutation(({ ctx, input }) => ctx.auth.enrollTotp(input)),

  confirm: procedure
    .meta({
      access: 'user',
      keys: 'refused',
      despite: anyObligation,
      summary: 'Confirm the authenticator app with its first code',
      description:
        'From then on both logins take `code`, too. Answers ten recovery codes, once; each works once in place of a code. Ends every other session of the account.',
      tags,
      errors: [
        'totp-enrolled',
        'totp-not-enrolled',
        'wrong-second-factor',
        'second-factor-unavailable',
        'too-many-requests',
      ],
      examples: [{ summary: 'A code of the app', input: { code: '024935' }, output: exampleCodes }],
      rest: {
        method: 'POST',
        path: '/api/user/totp/confirm',
        statuses: { 'wrong-second-factor': 400 },
      },
    })
    .input(ConfirmTotpInput)
    .output(returns(RecoveryCodes))
    .mutation(({ ctx, input }) => ctx.auth.confirmTotp(input)),

  disable: procedure
    .meta({
      access: 'user',
      keys: 'refused',
      despite: ['email-not-verified'],
      summary: 'Take off your second factor',
      description: 'Needs the password, and a code of the app or a recovery code.',
      tags,
      errors: changeErrors,
      examples: [
        {
          summary: 'With a code of the app',
          input: { currentPassword: 'reader-of-casebook', code: '318431' },
          output: { message: 'Your second factor is taken off.' },
        },
      ],
      rest: { method: 'POST', path: '/api/user/totp/disable', statuses: codeStatuses },
    })
    .input(ChangeTotpInput)
    .output(returns(Message))
    .mutation(({ ctx, input }) => ctx.auth.disableTotp(input)),

  renewRecoveryCodes: procedure
    .meta({
      access: 'user',
      keys: 'refused',
      despite: ['email-not-verified'],
      summary: 'Make new recovery codes',
      description: 'Ten, shown once; the old ones are void. Needs the password and a code.',
      tags,
      errors: changeErrors,
      examples: [
        {
          summary: 'With a code of the app',
          input: { currentPassword: 'reader-of-casebook', code: '006234' },
          output: exampleCodes,
        },
      ],
      rest: { method: 'POST', path: '/api/user/totp/recovery_codes', statuses: codeStatuses },
    })
    .input(ChangeTotpInput)
    .output(returns(RecoveryCodes))
    .mutation(({ ctx, input }) => ctx.auth.renewRecoveryCodes(input)),
})
