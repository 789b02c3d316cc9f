import { DomainError, JsonText, newId, StoredList, type Caller, type StoredPage } from '@casebook/api'
import type { MedicalRecord, RecordService, RecordStatus, RecordStreamInput } from '@casebook/api/records'
import type { RecordFilter, RecordKeyset } from '@casebook/db'
import { createAuditor, describeFilters, type AuditedAct } from '../audit/entries.ts'
import type { ListKey } from '../cursors.ts'
import type { Deps } from '../deps.ts'
import { assertFresh } from '../fresh.ts'
import { once } from '../once.ts'
import { readPage, readStoredPage, type PageRequest } from '../pages.ts'
import { daysOf } from './days.ts'
import { importRecords } from './import.ts'
import { ownPatientOf, recordScope } from './policy.ts'

/** Patients' records, as one caller may see and change them. */
export function createRecordService(
  { database, cursors, readers, recordReads }: Deps,
  caller: Caller,
): RecordService {
  const { audited, reading, write } = createAuditor(database, caller)
  const ownPatient = ownPatientOf(caller)

  const readList = (
    act: AuditedAct,
    page: PageRequest,
    { key, filter }: { key: ListKey; filter: RecordFilter },
  ): Promise<StoredPage<MedicalRecord>> =>
    reading(act, (entry) =>
      readStoredPage<MedicalRecord, RecordKeyset>(cursors, page, {
        key,
        fetch: async (after, limit) =>
          recordReads.page({ scope: recordScope(caller), entry, listing: { filter, limit, after } }),
      }),
    )

  return {
    list: ({ limit, cursor, ...input }) =>
      readList(
        {
          action: 'records.list',
          patientId: input.patientId ?? ownPatient,
          detail: describeFilters({ ...input, limit }),
        },
        { limit, cursor },
        { key: { list: 'records.list', filters: input }, filter: filterOf(input) },
      ),

    stream(input) {
      const act = {
        action: 'records.stream',
        patientId: input.patientId ?? ownPatient,
        detail: describeFilters(input),
      }
      return new StoredList<MedicalRecord>(async function* (separator) {
        const scope = recordScope(caller)
        await write(act)
        const stores = await readers.ofNow()
        yield* stores.records(scope).runs(filterOf(input), separator)
      })
    },

    async get({ id }) {
      const text = await reading({ action: 'records.get', resource: id }, async (entry) =>
        recordReads.one({ scope: recordScope(caller), entry, id }),
      )
      if (text === null) throw new DomainError('not-found')
      return new JsonText<MedicalRecord>(text)
    },

    byPatient: ({ patientId, limit, cursor }) =>
      readList(
        { action: 'records.byPatient', resource: patientId, patientId },
        { limit, cursor },
        { key: { list: 'records.byPatient', filters: { patientId } }, filter: { patientId } },
      ),

    create: (input) =>
      audited(
        { action: 'records.create', patientId: input.patientId },
        (tx) =>
          once(tx, { caller, operation: 'records.create' }, async () => {
            if (!(await tx.recordWriter.patientExists(input.patientId))) throw unknownPatient()
            return tx.recordWriter.insert({ ...input, id: newId('record') })
          }),
        (record) => ({ resource: record.id }),
      ),

    amend: ({ id, version, ...change }) =>
      audited(
        { action: 'records.amend', resource: id, detail: describeFilters(change) },
        async (tx) => {
          const current = await tx.recordWriter.lock(id)
          if (current === null) throw new DomainError('not-found')
          assertFresh(caller, current, version)
          return tx.recordWriter.amend(current, {
            ...change,
            status: change.status ?? statusAfterAmending(current.status),
          })
        },
        (record) => ({ patientId: record.patientId }),
      ),

    history: ({ id, limit, cursor }) =>
      audited(
        { action: 'records.history', resource: id },
        async (tx) => {
          const page = await readPage(
            cursors,
            { limit, cursor },
            {
              key: { list: 'records.history', filters: { id } },
              fetch: (after: readonly [number] | undefined, count) =>
                tx.records(recordScope(caller)).history(id, { limit: count, after: after?.[0] }),
              keysetOf: (record): readonly [number] => [record.version],
            },
          )
          // With a cursor, too: it may be of a time when the caller still saw the record.
          if (page.items.length === 0) throw new DomainError('not-found')
          return page
        },
        (page) => ({ patientId: page.items[0]?.patientId, count: page.items.length }),
      ),

    import: (input) => importRecords(database, caller, input),
  }
}

function filterOf({ year, month, from, to, ...filter }: RecordStreamInput): RecordFilter {
  return { ...filter, ...daysOf({ year, month, from, to }) }
}

function statusAfterAmending(status: RecordStatus): RecordStatus {
  return status === 'preliminary' ? 'preliminary' : 'amended'
}

function unknownPatient(): DomainError {
  const message = 'is not a patient'
  return new DomainError('invalid-input', {
    detail: 'There is no such patient.',
    errors: [{ path: 'patientId', message }],
  })
}
