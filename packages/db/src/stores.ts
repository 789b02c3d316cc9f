import { createChainStore, createChainWriter } from './audit/chain-store.ts'
import { createAuditStore, createAuditWriter } from './audit/store.ts'
import { createEmailStore } from './auth/email-store.ts'
import { createLoginStore } from './auth/login-store.ts'
import { createKeyStore } from './auth/key-store.ts'
import { createInvitationStore, createResetStore } from './auth/reset-store.ts'
import { createSecondFactorStore } from './auth/second-factor-store.ts'
import { createSessionStore } from './auth/session-store.ts'
import { createUserStore, createUserWriter } from './auth/user-store.ts'
import { createAuthorStore, createAuthorWriter } from './books/author-store.ts'
import { createBookImportStore } from './books/import-store.ts'
import { createBookStore, type BookScope } from './books/store.ts'
import { createBookWriter } from './books/writer.ts'
import { createIdempotencyStore } from './foundation/idempotency-store.ts'
import { createLimitStore } from './foundation/limit-store.ts'
import { createMailStore } from './foundation/mail-store.ts'
import { createRecordImportStore } from './records/import-store.ts'
import { createPatientStore, createPatientWriter } from './records/patient-store.ts'
import { createRecordReads } from './records/reads.ts'
import { createRecordStore, type RecordScope } from './records/store.ts'
import { createRecordWriter } from './records/writer.ts'
import type { Executor, Tx } from './schema.ts'

/** What can be done on the pool: reads, and single statements that need no company. */
export type Stores = ReturnType<typeof createStores>

export function createStores(db: Executor) {
  return {
    users: createUserStore(db),
    logins: createLoginStore(db),
    limits: createLimitStore(db),
    sessions: createSessionStore(db),
    keys: createKeyStore(db),
    invitations: createInvitationStore(db),
    emails: createEmailStore(db),
    secondFactors: createSecondFactorStore(db),
    mail: createMailStore(db),
    books: (scope: BookScope) => createBookStore(db, scope),
    authors: createAuthorStore(db),
    patients: (scope: RecordScope) => createPatientStore(db, scope),
    recordReads: createRecordReads(db),
    records: (scope: RecordScope) => createRecordStore(db, scope),
    audit: createAuditStore(db),
    chain: createChainStore(db),
  }
}

/** What a transaction can do besides: everything that locks, or that writes together with something else. */
export type TxStores = ReturnType<typeof createTxStores>

export function createTxStores(tx: Tx) {
  return {
    ...createStores(tx),
    idempotency: createIdempotencyStore(tx),
    userWriter: createUserWriter(tx),
    resets: createResetStore(tx),
    patientWriter: createPatientWriter(tx),
    recordWriter: createRecordWriter(tx),
    recordImport: createRecordImportStore(tx),
    auditWriter: createAuditWriter(tx),
    chainWriter: createChainWriter(tx),
    /** For workers that come with a transaction of their own kind. */
    tx,
  }
}

/** What a change of the catalogue can do besides. */
export type CatalogueStores = ReturnType<typeof createCatalogueStores>

/** Makes the stores of a change of the catalogue that began at `now`, and has locked it. */
export function createCatalogueStores(tx: Tx, now: string) {
  return {
    ...createTxStores(tx),
    bookWriter: createBookWriter(tx, now),
    bookImport: createBookImportStore(tx, now),
    authorWriter: createAuthorWriter(tx),
  }
}
