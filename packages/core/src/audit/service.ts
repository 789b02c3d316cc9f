import { idOf, uuidOf, type AuditId, type Caller } from '@casebook/api'
import type { AuditEntry, AuditService } from '@casebook/api/audit'
import type { Deps } from '../deps.ts'
import { readPage } from '../pages.ts'
import { verifyChain } from './chain.ts'
import { createAuditor, describeFilters, subjectOf } from './entries.ts'

/** Entries that a stream reads at once. */
const batch = 1000

/** The audit trail, as one caller may see it; looking at it leaves an entry, too. */
export function createAuditService({ database, cursors }: Deps, caller: Caller): AuditService {
  const auditor = createAuditor(database, caller)
  return {
    async list({ limit, cursor, ...filters }) {
      return auditor.audited(
        { action: 'audit.list', detail: describeFilters(filters), patientId: filters.patientId },
        (tx) =>
          readPage(
            cursors,
            { limit, cursor },
            {
              key: { list: 'audit.list', filters },
              fetch: (after: readonly [string] | undefined, count) =>
                tx.audit.list({
                  ...filters,
                  limit: count,
                  after: after === undefined ? undefined : idOf('audit', after[0]),
                }),
              keysetOf: (entry): readonly [string] => [uuidOf(entry.id)],
            },
          ),
        (page) => ({ count: page.items.length }),
      )
    },

    async *stream(filters) {
      const { patientId } = filters
      await auditor.write({ action: 'audit.stream', detail: describeFilters(filters), patientId })
      let after: AuditId | undefined
      let entries: AuditEntry[]
      do {
        entries = await database.stores.audit.list({ ...filters, limit: batch, after })
        yield* entries
        after = entries.at(-1)?.id
      } while (entries.length === batch)
    },

    async verify(input) {
      await auditor.write({ action: 'audit.verify' })
      return verifyChain(database, input?.head)
    },

    recordRefusal: ({ action, input }) => auditor.write({ action, outcome: 'refused', ...subjectOf(input) }),
  }
}
