import type { Message } from '../fields.ts'
import type { OwnEmail, VerifyEmailInput } from './email-schema.ts'

/** Verification of addresses, as one caller may use it. */
export type EmailService = {
  getEmail(): Promise<OwnEmail>
  requestEmailVerification(): Promise<Message>
  verifyEmail(input: VerifyEmailInput): Promise<Message>
}
