import { z } from 'zod'
import { Instant } from '../fields.ts'

/** An address, and since when it is known to be its owner's. */
export const OwnEmail = z
  .strictObject({ email: z.string().max(254), verifiedAt: Instant.nullable() })
  .meta({ id: 'OwnEmail' })
export type OwnEmail = z.output<typeof OwnEmail>

export const VerifyEmailInput = z.strictObject({
  key: z.string().min(1).max(128).describe('The key of the verification mail'),
})
export type VerifyEmailInput = z.output<typeof VerifyEmailInput>
