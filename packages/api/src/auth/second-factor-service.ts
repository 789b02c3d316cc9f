import type { Message } from '../fields.ts'
import type { UserId } from '../ids.ts'
import type {
  ChangeTotpInput,
  ConfirmTotpInput,
  EnrollTotpInput,
  RecoveryCodes,
  Totp,
  TotpEnrollment,
} from './second-factor-schema.ts'

/** Second factors, as one caller may use them. */
export type SecondFactorService = {
  getTotp(): Promise<Totp>
  /** Needs the current password; what it makes counts only once it is confirmed. */
  enrollTotp(input: EnrollTotpInput): Promise<TotpEnrollment>
  /** Ends every other session of the account. */
  confirmTotp(input: ConfirmTotpInput): Promise<RecoveryCodes>
  disableTotp(input: ChangeTotpInput): Promise<Message>
  renewRecoveryCodes(input: ChangeTotpInput): Promise<RecoveryCodes>
  /** Takes somebody else's factor off, and ends that account's sessions. */
  removeTotp(id: UserId): Promise<null>
}
