export { AuditEntry, AuditListInput, AuditOutcome, AuditPage, AuditVerification } from './schema.ts'
export { type AuditService, type Refusal } from './service.ts'
