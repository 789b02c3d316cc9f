import type { Page } from '../paging.ts'
import type { AuditEntry, AuditListInput, AuditVerification } from './schema.ts'

/** A call that was refused before its input was parsed; `input` is what the caller sent, unchecked. */
export type Refusal = { readonly action: string; readonly input: unknown }

/** The audit trail. */
export type AuditService = {
  list(input: AuditListInput): Promise<Page<AuditEntry>>
  verify(): Promise<AuditVerification>
  recordRefusal(refusal: Refusal): Promise<void>
}
