import { DomainError, newId, type Caller } from '@casebook/api'
import type { MedicalRecord, RecordService, RecordStatus, RecordStreamInput } from '@casebook/api/records'
import { inBatches, recordKeyset, type RecordFilter, type RecordKeyset } from '@casebook/db'
import { createAuditor, describeFilters } from '../audit/entries.ts'
import type { Deps } from '../deps.ts'
import { assertFresh } from '../fresh.ts'
import { once } from '../once.ts'
import { readPage } from '../pages.ts'
import { daysOf } from './days.ts'
import { importRecords } from './import.ts'
import { recordScope } from './policy.ts'

/** Patients' records, as one caller may see and change them. */
export function createRecordService({ database, cursors }: Deps, caller: Caller): RecordService {
  const { audited, write } = createAuditor(database, caller)

  return {
    list: ({ limit, cursor, ...input }) =>
      audited(
        { action: 'records.list', patientId: input.patientId, detail: describeFilters({ ...input, limit }) },
        (tx) =>
          readPage(
            cursors,
            { limit, cursor },
            {
              key: { list: 'records.list', filters: input },
              fetch: (after: RecordKeyset | undefined, count) =>
                tx.records(recordScope(caller)).list({ ...filterOf(input), limit: count, after }),
              keysetOf: recordKeyset,
            },
          ),
        (page) => ({ count: page.items.length }),
      ),

    async *stream(input) {
      const store = database.stores.records(recordScope(caller))
      await write({ action: 'records.stream', patientId: input.patientId, detail: describeFilters(input) })
      const filter = filterOf(input)
      yield* inBatches<MedicalRecord, RecordKeyset>(
        (after, limit) => store.list({ ...filter, limit, after }),
        recordKeyset,
      )
    },

    get: ({ id }) =>
      audited(
        { action: 'records.get', resource: id },
        async (tx) => {
          const record = await tx.records(recordScope(caller)).get(id)
          if (record === null) throw new DomainError('not-found')
          return record
        },
        (record) => ({ patientId: record.patientId }),
      ),

    byPatient: ({ patientId, limit, cursor }) =>
      audited(
        { action: 'records.byPatient', resource: patientId, patientId },
        (tx) =>
          readPage(
            cursors,
            { limit, cursor },
            {
              key: { list: 'records.byPatient', filters: { patientId } },
              fetch: (after: RecordKeyset | undefined, count) =>
                tx.records(recordScope(caller)).list({ patientId, limit: count, after }),
              keysetOf: recordKeyset,
            },
          ),
        (page) => ({ count: page.items.length }),
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
          return tx.recordWriter.amend(id, {
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
          if (page.items.length === 0 && cursor === undefined) throw new DomainError('not-found')
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
