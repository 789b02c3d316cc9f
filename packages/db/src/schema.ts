import type { Kysely, Transaction } from 'kysely'
import type { AuditTables } from './audit/table.ts'
import type { AuthTables } from './auth/table.ts'
import type { BookTables } from './books/table.ts'
import type { FoundationTables } from './foundation/table.ts'
import type { RecordTables } from './records/table.ts'

/** All tables, as kysely sees them. */
export type Tables = FoundationTables & AuthTables & AuditTables & BookTables & RecordTables

/** What a query runs on: the pool, or a transaction. */
export type Executor = Kysely<Tables>
export type Tx = Transaction<Tables>
