import {
  idOf,
  isId,
  newUuid,
  uuidOf,
  type AuditId,
  type PatientId,
  type RecordId,
  type UserId,
} from '@casebook/api'
import type { AuditEntry, AuditOutcome } from '@casebook/api/audit'
import type { Role } from '@casebook/api/auth'
import { sql, type RawBuilder } from 'kysely'
import { columnsOf } from '../identifiers.ts'
import { isAfter } from '../keyset.ts'
import { executeNamed } from '../named.ts'
import type { Executor, Tx } from '../schema.ts'

export type NewAuditEntry = Omit<AuditEntry, 'id' | 'at'>

/** What one of many entries is about: an object, and the UUID of its patient. */
export type AuditSubject = { readonly resource: PatientId | RecordId; readonly patientId: string }

export type AuditFilter = {
  readonly actorId?: UserId | undefined
  readonly patientId?: PatientId | undefined
  readonly resource?: string | undefined
  readonly action?: string | undefined
  readonly outcome?: AuditOutcome | undefined
  readonly requestId?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly limit: number
  readonly after?: AuditId | undefined
}

/** Row and entry have the same fields in this order; the chain hashes them so. */
export const auditColumns = [
  'id',
  'at',
  'actor_id',
  'actor_username',
  'actor_role',
  'action',
  'outcome',
  'resource',
  'patient_id',
  'count',
  'detail',
  'address',
  'request_id',
  'credential',
] as const

const dayMs = 24 * 60 * 60_000

/**
 * Gives the smallest UUIDv7 of an instant some milliseconds away (RFC 9562, 5.7). Ids carry the clock of the server
 * and `at` the one of the database, so that a bound on ids has to leave room: it is there to find the place in
 * the index, and `at` decides.
 */
function uuidNear(instant: string, milliseconds: number): string {
  const time = Math.max(0, Date.parse(instant) + milliseconds)
  const hex = time.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}

/** The audit trail, to read. */
export function createAuditStore(db: Executor) {
  return {
    /** Lists entries, latest first. */
    async list(filter: AuditFilter): Promise<AuditEntry[]> {
      let query = db.selectFrom('audit_entry').select(auditColumns).orderBy('id', 'desc').limit(filter.limit)
      if (filter.actorId !== undefined) query = query.where('actor_id', '=', uuidOf(filter.actorId))
      if (filter.patientId !== undefined) query = query.where('patient_id', '=', uuidOf(filter.patientId))
      if (filter.resource !== undefined) query = query.where('resource', '=', filter.resource)
      if (filter.action !== undefined) query = query.where('action', '=', filter.action)
      if (filter.outcome !== undefined) query = query.where('outcome', '=', filter.outcome)
      if (filter.requestId !== undefined) query = query.where('request_id', '=', filter.requestId)
      if (filter.from !== undefined)
        query = query.where('at', '>=', filter.from).where('id', '>=', uuidNear(filter.from, -dayMs))
      if (filter.to !== undefined)
        query = query.where('at', '<', filter.to).where('id', '<', uuidNear(filter.to, dayMs))
      if (filter.after !== undefined)
        query = query.where(isAfter([sql.ref('id')], [uuidOf(filter.after)], 'desc'))
      return (await query.execute()).map(toEntry)
    },
  }
}

/** Values of an entry that the statement itself finds out, in the place of the given ones. */
export type FoundOut = {
  readonly outcome?: RawBuilder<unknown>
  readonly patient?: RawBuilder<unknown>
  readonly count?: RawBuilder<unknown>
}

/** The columns in which a statement may be given entries, by the names of `entryFields`. */
export const entryColumns = sql.raw(
  `entry_id uuid, actor_id uuid, actor_username text, actor_role text, action text, outcome text, resource text,
  patient_id uuid, count integer, detail text, address text, request_id text, credential text`,
)

/** The values of an entry, and its new id. */
export function entryFields({ actor, patientId, requestId, ...entry }: NewAuditEntry): object {
  return {
    ...entry,
    entry_id: newUuid(),
    ...(actor && { actor_id: uuidOf(actor.id), actor_username: actor.username, actor_role: actor.role }),
    ...(patientId && { patient_id: uuidOf(patientId) }),
    request_id: requestId,
  }
}

/**
 * The statement that writes the entries in a table expression that has `entryColumns`. It may stand beside a read, so
 * that both happen or neither.
 */
export function insertEntries(
  from: RawBuilder<unknown>,
  { outcome = sql`outcome`, patient = sql`patient_id`, count = sql`count` }: FoundOut,
): RawBuilder<unknown> {
  return sql`insert into audit_entry (${sql.raw(auditColumns.join(', '))})
    select entry_id, clock_timestamp(), actor_id, actor_username, actor_role, action, ${outcome}, resource, ${patient},
      ${count}, detail, address, request_id, credential from ${from}`
}

/** The statement that writes one entry; it may stand beside a read, too. */
export function auditInsert(
  entry: NewAuditEntry,
  { count }: Pick<FoundOut, 'count'> = {},
): RawBuilder<unknown> {
  const { actor, action, outcome, resource, detail, address, requestId, credential } = entry
  return sql`insert into audit_entry (${sql.raw(auditColumns.join(', '))}) values (
    ${newUuid()}, clock_timestamp(), ${actor === undefined ? null : uuidOf(actor.id)}, ${actor?.username ?? null}, ${actor?.role ?? null},
    ${action}, ${outcome}, ${resource ?? null}, ${patientOf(entry)},
    ${count ?? sql`${entry.count ?? null}`}, ${detail ?? null}, ${address}, ${requestId}, ${credential ?? null})`
}

/** The patient of an entry: the one it names, or the one whose record it is about. */
function patientOf({ patientId, resource }: NewAuditEntry): RawBuilder<unknown> {
  if (patientId !== undefined) return sql`${uuidOf(patientId)}::uuid`
  if (resource === undefined || !isId('record', resource)) return sql`null::uuid`
  return sql`(select patient_id from record where id = ${uuidOf(resource)})`
}

/** The audit trail, to append to: only within the transaction of what is being audited. */
export function createAuditWriter(tx: Tx) {
  return {
    async append(entry: NewAuditEntry): Promise<void> {
      await executeNamed(tx, auditInsert(entry))
    },

    /** Appends an entry for each of many subjects, alike in everything else. */
    async appendEach(entry: NewAuditEntry, subjects: readonly AuditSubject[]): Promise<void> {
      if (subjects.length === 0) return
      const { actor, action, outcome, detail, address, requestId, credential } = entry
      const ids = subjects.map(() => newUuid())
      const c = columnsOf(subjects, ['resource', 'patientId'])
      await executeNamed(
        tx,
        sql`insert into audit_entry (${sql.raw(auditColumns.join(', '))})
          select id, clock_timestamp(), ${actor === undefined ? null : uuidOf(actor.id)}::uuid, ${actor?.username ?? null}::text,
            ${actor?.role ?? null}::text, ${action}::text, ${outcome}::text, resource, patient_id, null::integer,
            ${detail ?? null}::text, ${address}::text, ${requestId}::text, ${credential ?? null}::text
          from unnest(${ids}::uuid[], ${c.resource}::text[], ${c.patientId}::uuid[]) as subject (id, resource, patient_id)`,
      )
    },
  }
}

export type AuditRow = {
  id: string
  at: string
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

function toEntry(row: AuditRow): AuditEntry {
  const { actor_id: actorId, actor_username: username, actor_role: role } = row
  const isKnown = actorId !== null && username !== null && role !== null
  return {
    id: idOf('audit', row.id),
    at: row.at,
    ...(isKnown ? { actor: { id: idOf('user', actorId), username, role } } : {}),
    action: row.action,
    outcome: row.outcome,
    ...(row.resource === null ? {} : { resource: row.resource }),
    ...(row.patient_id === null ? {} : { patientId: idOf('patient', row.patient_id) }),
    ...(row.count === null ? {} : { count: row.count }),
    ...(row.detail === null ? {} : { detail: row.detail }),
    address: row.address,
    requestId: row.request_id,
    ...(row.credential === null ? {} : { credential: row.credential }),
  }
}
