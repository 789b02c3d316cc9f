export {
  AuditEntry,
  AuditListInput,
  AuditOutcome,
  AuditPage,
  AuditStreamInput,
  AuditVerification,
  AuditVerifyInput,
} from './schema.ts'
export { type AuditService, type Refusal } from './service.ts'
