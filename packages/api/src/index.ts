export { authorize, rolesOf, type Access } from './access.ts'
export type { Caller, CallerKey, CallerSession, CallerUser, IdempotencyKey, Precondition } from './caller.ts'
export type { Context, SessionCookie } from './context.ts'
export { declaredErrors, type DeclaredError } from './declared-errors.ts'
export { failureOf, type Failure } from './error-shape.ts'
export { fieldErrorsOf } from './field-messages.ts'
export {
  DomainError,
  errorCatalogue,
  isErrorReason,
  type DomainErrorOptions,
  type ErrorCode,
  type ErrorEntry,
  type ErrorReason,
  type FieldError,
  type Limit,
} from './errors.ts'
export { Message } from './fields.ts'
export { assertContractFits, ourContract, type BreakingChange, type ContractVersion } from './handshake.ts'
export {
  idOf,
  idPrefixes,
  isId,
  newId,
  newUuid,
  uuidOf,
  type AnyId,
  type AuditId,
  type AuthorId,
  type BookId,
  type Id,
  type IdKind,
  type InvitationId,
  type KeyId,
  type PatientId,
  type RecordId,
  type SessionId,
  type UserId,
} from './ids.ts'
export type { Obligation } from './obligations.ts'
export { defaultPageSize, maxPageSize, type Page } from './paging.ts'
export { checkOutputs } from './returns.ts'
export { appRouter, type AppRouter } from './router.ts'
export {
  JsonText,
  mapTexts,
  StoredList,
  valueOf,
  type Answer,
  type ReadRuns,
  type StoredPage,
} from './stored.ts'
export type { Example, Meta, RestMeta } from './trpc.ts'
