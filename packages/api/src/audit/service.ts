import type { Page } from '../paging.ts'
import type {
  AuditEntry,
  AuditListInput,
  AuditStreamInput,
  AuditVerification,
  AuditVerifyInput,
} from './schema.ts'

/** A call that was refused before its input was parsed; `input` is what the caller sent, unchecked. */
export type Refusal = { readonly action: string; readonly input: unknown }

/** The audit trail. */
export type AuditService = {
  list(input: AuditListInput): Promise<Page<AuditEntry>>
  stream(input: AuditStreamInput): AsyncIterable<AuditEntry>
  verify(input: AuditVerifyInput): Promise<AuditVerification>
  recordRefusal(refusal: Refusal): Promise<void>
}
