export { createAuthorStore, authorKeyset, type AuthorKeyset } from './books/author-store.ts'
export type { ImportedAuthor, ImportedBook } from './books/import-store.ts'
export type { BookKeyset, BookScope } from './books/store.ts'
export type { LockedBook } from './books/writer.ts'
export type { Lockout } from './auth/login-store.ts'
export { canonicalKey, type UserSecrets } from './auth/user-store.ts'
export type { LiveKey } from './auth/key-store.ts'
export type { SecondFactor } from './auth/second-factor-store.ts'
export type { Standing } from './auth/owner.ts'
export type { LiveSession, NewSession, SessionStore, StoredSession } from './auth/session-store.ts'
export type { ChainLink } from './audit/chain-store.ts'
export type { AuditRow, AuditSubject, NewAuditEntry } from './audit/store.ts'
export { readCatalogueStamp } from './books/catalogue.ts'
export { createDatabase, openDatabase, violatedConstraint, type Database } from './database.ts'
export {
  fillDocuments,
  lackDocuments,
  rebuildDocuments,
  verifyDocuments,
  type RebuiltDocuments,
  type VerifiedDocuments,
} from './documents.ts'
export { EngineError } from './engine/engine-error.ts'
export type { EngineOptions } from './engine/open-engine.ts'
export { purgeIdempotencyKeys, type IdempotencyClaim } from './foundation/idempotency-store.ts'
export type { Refusal, Take } from './foundation/limit-store.ts'
export {
  markFailed,
  markSent,
  takeMail,
  type KeyMailKind,
  type Mail,
  type QueuedMail,
} from './foundation/mail-store.ts'
export { grantToServer } from './grants.ts'
export { readSecret } from './foundation/secrets.ts'
export { migrateToLatest, pendingMigrations } from './migrations/index.ts'
export type { ImportedPatient, ImportedRecord } from './records/import-store.ts'
export { patientKeyset, type PatientKeyset } from './records/patient-store.ts'
export { formOfPage, type OneRead, type PageRead } from './records/reads.ts'
export type { RecordFilter, RecordKeyset, RecordScope } from './records/store.ts'
export { readLogPosition } from './replica.ts'
export type { Run } from './run.ts'
export { refreshStatistics } from './statistics.ts'
export type { CatalogueStores, Stores, TxStores } from './stores.ts'
export { seedBooks } from './sample/books.ts'
export { generateBooks, type BooksToGenerate } from './sample/generate-books.ts'
export { generateRecords, type RecordsToGenerate } from './sample/records.ts'
