import { DomainError, idOf, isId, uuidOf, type Caller } from '@casebook/api'
import type { AuditEntry } from '@casebook/api/audit'
import type { PatientAccess, PatientAccessInput } from '@casebook/api/records'
import type { Page } from '@casebook/api'
import type { TxStores } from '@casebook/db'
import type { Deps } from '../deps.ts'
import { readPage } from '../pages.ts'
import { accessScope } from './policy.ts'

/** Reads who has asked for a patient and their records. Throws `not-found`, `not-allowed`. */
export async function readAccesses(
  tx: TxStores,
  { cursors, caller }: Pick<Deps, 'cursors'> & { readonly caller: Caller },
  { id, limit, cursor }: PatientAccessInput,
): Promise<Page<PatientAccess>> {
  const scope = accessScope(caller)
  if ((await tx.patients(scope).get(id)) === null) throw new DomainError('not-found')
  const page = await readPage(
    cursors,
    { limit, cursor },
    {
      key: { list: 'records.patients.access', filters: { id } },
      fetch: (after: readonly [string] | undefined, count) =>
        tx.audit.list({
          patientId: id,
          limit: count,
          after: after === undefined ? undefined : idOf('audit', after[0]),
        }),
      keysetOf: (entry): readonly [string] => [uuidOf(entry.id)],
    },
  )
  const isWhole = scope.kind === 'all'
  return { ...page, items: page.items.map((entry) => accessOf(entry, { isWhole, caller })) }
}

const staff = new Set(['clinician', 'admin'])

function accessOf(
  { at, actor, action, outcome, resource }: AuditEntry,
  { isWhole, caller }: { isWhole: boolean; caller: Caller },
): PatientAccess {
  // Who answers for what they do here is named to the patient; a stranger who was refused is somebody's private matter.
  const isNamed = actor !== undefined && (isWhole || staff.has(actor.role) || actor.id === caller.user?.id)
  return {
    at,
    ...(actor === undefined ? {} : { role: actor.role }),
    ...(isNamed ? { username: actor.username } : {}),
    action,
    outcome,
    ...(resource !== undefined && isId('record', resource) ? { recordId: resource } : {}),
  }
}
