export { createCasebookClient, type CasebookClientOptions } from './client.ts'
export {
  contractVersion,
  type AuditEntry,
  type Author,
  type Book,
  type CallOptions,
  type CasebookClient,
  type Code,
  type Contributor,
  type ErrorCode,
  type ErrorReason,
  type FieldError,
  type Invitation,
  type LinkedAccount,
  type MedicalRecord,
  type Mutation,
  type Page,
  type Patient,
  type Query,
  type Session,
  type User,
} from './contract.generated.ts'
export type * as contract from './contract.generated.ts'
export {
  CasebookError,
  isCasebookError,
  type CasebookErrorInit,
  type ClientErrorCode,
  type ClientErrorReason,
} from './errors.ts'
export type { Fetch } from './fetch.ts'
