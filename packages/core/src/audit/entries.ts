import { DomainError, isId, type Caller, type PatientId } from '@casebook/api'
import type { AuditOutcome } from '@casebook/api/audit'
import type { Database, NewAuditEntry, TxStores } from '@casebook/db'

/** What an entry says besides who called from where. */
export type AuditedAct = {
  readonly action: string
  readonly outcome?: AuditOutcome
  readonly resource?: string | undefined
  readonly patientId?: PatientId | undefined
  readonly count?: number | undefined
  readonly detail?: string | undefined
}

/** Makes the audit entry of a caller's act. */
export function auditEntry(
  { user, session, key, address, requestId, reason }: Caller,
  act: AuditedAct,
): NewAuditEntry {
  const credential = key?.id ?? session?.id
  const said = reason === undefined ? [] : [`reason «${reason}»`]
  const detail = [...said, ...(act.detail === undefined ? [] : [act.detail])].join(' ').trim()
  return {
    ...(user === null ? {} : { actor: { id: user.id, username: user.username, role: user.role } }),
    action: act.action,
    outcome: act.outcome ?? 'allowed',
    ...(act.resource === undefined ? {} : { resource: act.resource }),
    ...(act.patientId === undefined ? {} : { patientId: act.patientId }),
    ...(act.count === undefined ? {} : { count: act.count }),
    ...(detail === '' ? {} : { detail: detail.slice(0, 1000) }),
    address,
    requestId,
    ...(credential === undefined ? {} : { credential }),
  }
}

/** Writes the trail for one caller. */
export type Auditor = {
  /**
   * Does work on private data and writes its entry in the same transaction: when the entry cannot be written,
   * nothing is read or changed. `act` makes the entry of the result. A failure has an entry of its own.
   */
  readonly audited: <T>(
    base: AuditedAct,
    work: (tx: TxStores) => Promise<T>,
    act: (result: T) => Partial<AuditedAct>,
  ) => Promise<T>
  /**
   * Reads private data by a statement that writes the entry itself, which it is given. A failure has an entry of
   * its own.
   */
  readonly reading: <T>(act: AuditedAct, read: (entry: NewAuditEntry) => Promise<T>) => Promise<T>
  /** Writes an entry in a transaction of its own. */
  readonly write: (act: AuditedAct) => Promise<void>
}

export function createAuditor(database: Database, caller: Caller): Auditor {
  const write = (act: AuditedAct) =>
    database.transaction((tx) => tx.auditWriter.append(auditEntry(caller, act)))
  // That something is not there is an answer, too: without its entry there is none.
  const writeFailure = async (act: AuditedAct, error: unknown) => {
    const writing = write({ ...act, outcome: 'failed' })
    await (error instanceof DomainError ? writing : writing.catch(() => undefined))
  }
  return {
    write,
    async reading(act, read) {
      try {
        return await read(auditEntry(caller, act))
      } catch (error) {
        await writeFailure(act, error)
        throw error
      }
    },
    async audited(base, work, act) {
      try {
        return await database.transaction(async (tx) => {
          const result = await work(tx)
          await tx.auditWriter.append(auditEntry(caller, { ...base, ...act(result) }))
          return result
        })
      } catch (error) {
        await writeFailure(base, error)
        throw error
      }
    },
  }
}

/** Names the filters that a list was asked with; their values may tell of a patient, and are left out but for days. */
export function describeFilters(filters: Readonly<Record<string, unknown>>): string {
  const shown = new Set(['year', 'month', 'from', 'to', 'kind', 'limit'])
  return Object.entries(filters)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => (shown.has(name) ? `${name}=${String(value)}` : name))
    .join(' ')
}

/** Picks what a refused call was about out of its unchecked input. */
export function subjectOf(input: unknown): Pick<AuditedAct, 'resource' | 'patientId'> {
  if (typeof input !== 'object' || input === null) return {}
  const texts = Object.values(input).filter((value) => typeof value === 'string')
  const patientId = texts.find((text) => isId('patient', text))
  const resource =
    texts.find((text) => isId('record', text)) ?? patientId ?? texts.find((text) => isId('user', text))
  return { resource, patientId }
}
