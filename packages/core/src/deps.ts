import type { Database } from '@casebook/db'
import type { CursorCodec } from './cursors.ts'
import type { Passwords } from './auth/passwords.ts'
import type { Sessions } from './auth/sessions.ts'
import type { CatalogueMemory } from './books/memory.ts'

/** What the services of one server process share. */
export type Deps = {
  readonly database: Database
  readonly cursors: CursorCodec
  readonly passwords: Passwords
  readonly catalogue: CatalogueMemory
  readonly sessions: Sessions
  /** Where the service is reached from outside, without a trailing slash; links in mails begin with it. */
  readonly publicUrl: string
}
