import type { AuditOutcome } from '@casebook/api/audit'
import type { Role } from '@casebook/api/auth'
import type { Generated } from 'kysely'
import type { InstantColumn } from '../columns.ts'

export type AuditTables = {
  audit_entry: {
    id: string
    at: InstantColumn
    actor_id: string | null
    actor_username: string | null
    actor_role: Role | null
    action: string
    outcome: AuditOutcome
    resource: string | null
    patient_id: string | null
    count: number | null
    detail: string | null
    address: string
    request_id: string
    credential: string | null
  }
  audit_seal: { seq: number; entry_id: string; hash: string }
  audit_head: { only_one: Generated<boolean>; seq: number; hash: string }
}
