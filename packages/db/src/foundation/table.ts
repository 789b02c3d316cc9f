import type { ColumnType, Generated } from 'kysely'
import type { DefaultInstantColumn, InstantColumn, NullableInstantColumn } from '../columns.ts'

export type FoundationTables = {
  server_secret: { name: string; value: string }
  idempotency_key: {
    scope: string
    key: string
    fingerprint: string
    operation: string
    result: ColumnType<unknown, string | null | undefined, string | null>
    created_at: DefaultInstantColumn
  }
  mail: {
    id: string
    recipient: string
    subject: string
    body: string
    created_at: DefaultInstantColumn
    attempts: Generated<number>
    next_attempt_at: DefaultInstantColumn
    sent_at: NullableInstantColumn
  }
  rate_limit: {
    key: string
    /** When the whole quota is there again: the theoretical arrival time of GCRA. */
    full_at: InstantColumn
    /** Whether the last call was within the limit. */
    passed: boolean
  }
}
