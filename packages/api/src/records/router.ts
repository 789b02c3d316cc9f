import { returns, streams } from '../returns.ts'
import { procedure, router } from '../trpc.ts'
import { examplePatient, exampleRecord } from './examples.ts'
import { patientsRouter } from './patients-router.ts'
import {
  AmendRecordInput,
  CreateRecordInput,
  HistoryInput,
  ImportRecordsInput,
  ImportRecordsResult,
  MedicalRecord,
  PatientRecordsInput,
  RecordIdInput,
  RecordListInput,
  RecordPage,
  RecordStreamInput,
} from './schema.ts'

const tags = ['Records'] as const
const clinicians = ['clinician', 'admin'] as const
const readers = { roles: clinicians, linkedPatient: true } as const
const examplePage = { items: [exampleRecord], nextCursor: null }

export const recordsRouter = router({
  list: procedure
    .meta({
      access: readers,
      audited: true,
      summary: 'List records',
      description:
        'Latest day first. `year` alone is a whole year, `month` needs `year`. Over REST, a search by `year` that finds nothing is 404. An account that is linked to a patient sees that patient’s records.',
      tags,
      errors: ['invalid-cursor', 'not-found'],
      examples: [{ summary: 'A month', input: { year: 2024, month: 5 }, output: examplePage }],
      rest: {
        method: 'GET',
        path: '/records',
        list: { stream: 'records.stream' },
        emptyIsNotFound: ['year', 'month'],
      },
    })
    .input(RecordListInput)
    .output(returns(RecordPage))
    .query(({ ctx, input }) => ctx.records.list(input)),

  stream: procedure
    .meta({
      access: readers,
      audited: true,
      summary: 'Stream all records',
      description: 'The same filters and order as `records.list`, without pages.',
      tags,
      examples: [{ summary: 'A year', input: { year: 2024 } }],
    })
    .input(RecordStreamInput)
    .output(streams(MedicalRecord))
    .query(({ ctx, input }) => ctx.records.stream(input)),

  get: procedure
    .meta({
      access: readers,
      audited: true,
      summary: 'Show a record',
      tags,
      errors: ['not-found'],
      examples: [{ summary: 'By its id', input: { id: exampleRecord.id }, output: exampleRecord }],
      rest: { method: 'GET', path: '/records/{id}', match: { id: '^(?!pat_)' } },
    })
    .input(RecordIdInput)
    .output(returns(MedicalRecord))
    .query(({ ctx, input }) => ctx.records.get(input)),

  byPatient: procedure
    .meta({
      access: readers,
      audited: true,
      summary: 'List the records of a patient',
      description: 'Latest day first. Over REST, a patient without records is 404.',
      tags,
      errors: ['invalid-cursor', 'not-found'],
      examples: [
        { summary: 'By the patient’s id', input: { patientId: examplePatient.id }, output: examplePage },
      ],
      rest: {
        method: 'GET',
        path: '/records/{patientId}',
        match: { patientId: '^pat_' },
        list: {},
        emptyIsNotFound: true,
      },
    })
    .input(PatientRecordsInput)
    .output(returns(RecordPage))
    .query(({ ctx, input }) => ctx.records.byPatient(input)),

  create: procedure
    .meta({
      access: clinicians,
      audited: true,
      summary: 'Write a record',
      description: 'The first version of it; from then on it is amended, and every version stays readable.',
      tags,
      errors: ['idempotency-mismatch'],
      examples: [
        {
          summary: 'An encounter',
          input: {
            patientId: examplePatient.id,
            date: '2024-05-17',
            kind: 'encounter',
            title: 'Encounter for check up',
          },
          output: exampleRecord,
        },
      ],
      rest: { method: 'POST', path: '/records', status: 201, location: '/records/{id}' },
    })
    .input(CreateRecordInput)
    .output(returns(MedicalRecord))
    .mutation(({ ctx, input }) => ctx.records.create(input)),

  amend: procedure
    .meta({
      access: clinicians,
      audited: true,
      summary: 'Amend a record',
      description:
        'Makes a new version; the versions before stay readable. Without `status` the record becomes `amended`. Null takes an optional field away.',
      tags,
      errors: ['not-found', 'stale'],
      examples: [
        {
          summary: 'A note',
          input: { id: exampleRecord.id, notes: 'Blood pressure taken again: 120/80.' },
          output: {
            ...exampleRecord,
            status: 'amended',
            notes: 'Blood pressure taken again: 120/80.',
            version: 2,
          },
        },
      ],
      rest: { method: 'PATCH', path: '/records/{id}' },
    })
    .input(AmendRecordInput)
    .output(returns(MedicalRecord))
    .mutation(({ ctx, input }) => ctx.records.amend(input)),

  history: procedure
    .meta({
      access: readers,
      audited: true,
      summary: 'Show every version of a record',
      description: 'The first version first.',
      tags,
      errors: ['not-found', 'invalid-cursor'],
      examples: [{ summary: 'By its id', input: { id: exampleRecord.id }, output: examplePage }],
      rest: { method: 'GET', path: '/records/{id}/history', list: {} },
    })
    .input(HistoryInput)
    .output(returns(RecordPage))
    .query(({ ctx, input }) => ctx.records.history(input)),

  import: procedure
    .meta({
      access: clinicians,
      audited: true,
      summary: 'Import records of another system',
      description:
        'Creates the rows whose external identifier is new, and leaves the others as they are; a bad row is rejected alone.',
      tags,
      examples: [
        {
          summary: 'One row',
          input: {
            source: 'synthea',
            rows: [
              { externalId: 'e-1', patient: 'p-1', date: '2024-05-17', kind: 'encounter', title: 'Check up' },
            ],
          },
        },
      ],
    })
    .input(ImportRecordsInput)
    .output(returns(ImportRecordsResult))
    .mutation(({ ctx, input }) => ctx.records.import(input)),

  patients: patientsRouter,
})
