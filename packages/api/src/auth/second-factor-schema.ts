import { z } from 'zod'
import { Instant } from '../fields.ts'
import { addressSchema } from '../ids.ts'

/** A code as typed: spaces and hyphens do not count. Every wrong one gets the same answer. */
export const TypedCode = z.string().max(64).describe('Code of the app, or a recovery code')
const currentPassword = z.string().max(1024).describe('Current password')

/** The second factor of an account: none while `enrolledAt` is null. */
export const Totp = z
  .strictObject({
    enrolledAt: Instant.nullable(),
    recoveryCodesLeft: z.int().min(0),
    /** Whether the server demands one of this account. */
    isRequired: z.boolean(),
  })
  .meta({ id: 'Totp' })
export type Totp = z.output<typeof Totp>

export const EnrollTotpInput = z.strictObject({ currentPassword })
export type EnrollTotpInput = z.output<typeof EnrollTotpInput>

/** What an authenticator app needs; it is shown once. */
export const TotpEnrollment = z
  .strictObject({
    secret: z.string().max(64).describe('Base32 (RFC 4648), to type into the app'),
    uri: z.string().max(1000).describe('The same as an otpauth:// URI, to be shown as a QR code'),
  })
  .meta({ id: 'TotpEnrollment' })
export type TotpEnrollment = z.output<typeof TotpEnrollment>

export const ConfirmTotpInput = z.strictObject({ code: TypedCode.describe('First code of the app') })
export type ConfirmTotpInput = z.output<typeof ConfirmTotpInput>

/** Each works once in place of a code; they are shown once. */
export const RecoveryCodes = z
  .strictObject({ recoveryCodes: z.array(z.string().max(64)).max(10) })
  .meta({ id: 'RecoveryCodes' })
export type RecoveryCodes = z.output<typeof RecoveryCodes>

/** For what weakens a factor: the password, and a code of the app or a recovery code. */
export const ChangeTotpInput = z.strictObject({ currentPassword, code: TypedCode })
export type ChangeTotpInput = z.output<typeof ChangeTotpInput>

export const UserIdInput = z.strictObject({ id: addressSchema('user') })
