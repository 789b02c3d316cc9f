import type { Database } from '@casebook/db'
import type { Demands } from './auth/obligations.ts'
import type { Passwords } from './auth/passwords.ts'
import { createKeys, type Keys } from './auth/keys.ts'
import { createSecretBox, type SecretBox } from './auth/secret-box.ts'
import { createSessions, type Sessions, type SessionsOptions } from './auth/sessions.ts'
import { createDocumentReader, type DocumentReader } from './books/document-reader.ts'
import { createCatalogueMemory, type CatalogueMemory } from './books/memory.ts'
import { createCursorCodec, type CursorCodec } from './cursors.ts'
import { createLimits, type Limits } from './limits/limits.ts'
import type { LimitSettings } from './limits/policies.ts'
import { createReaders, type Readers } from './readers.ts'
import { createRecordReads, type RecordReads } from './records/reads.ts'

/** What the services of one server process share. */
export type Deps = {
  readonly database: Database
  readonly readers: Readers
  readonly catalogue: CatalogueMemory
  readonly readDocument: DocumentReader
  readonly recordReads: RecordReads
  readonly cursors: CursorCodec
  readonly passwords: Passwords
  readonly sessions: Sessions
  readonly limits: Limits
  readonly keys: Keys
  /** Where the service is reached from outside, without a trailing slash; links in mails begin with it. */
  readonly publicUrl: string
  /** What is demanded of accounts before they may do anything else. */
  readonly demands: Demands
  /** Seals second factors; null where the server has no key for it. */
  readonly secretBox: SecretBox | null
  /** The time, in milliseconds since 1970, by which codes are checked. */
  readonly now: () => number
}

export type DepsOptions = Pick<Deps, 'database' | 'passwords' | 'publicUrl' | 'demands'> & {
  /** The same in every process of a database. */
  readonly cursorKey: Uint8Array
  readonly sessions: Omit<SessionsOptions, 'demands'>
  /** 32 bytes, the same in every process of a database; null: second factors cannot be enrolled. */
  readonly secretKey: Uint8Array | null
  readonly now?: () => number
  readonly limits: LimitSettings
  /** Memory for what is read of the catalogue, in bytes; 0 keeps nothing. */
  readonly catalogueBytes: number
}

/** Makes what the services of one server process share. */
export function createDeps({
  cursorKey,
  sessions,
  secretKey,
  limits,
  now = Date.now,
  catalogueBytes,
  ...given
}: DepsOptions): Deps {
  const { database, demands } = given
  const readers = createReaders(database)
  return {
    ...given,
    readers,
    catalogue: createCatalogueMemory(database, { readers, maxBytes: catalogueBytes }),
    readDocument: createDocumentReader(),
    recordReads: createRecordReads(database),
    cursors: createCursorCodec(cursorKey),
    sessions: createSessions(database.stores, { ...sessions, demands }),
    secretBox: secretKey === null ? null : createSecretBox(secretKey),
    now,
    limits: createLimits(database.stores, limits),
    keys: createKeys(database.stores, demands),
  }
}
