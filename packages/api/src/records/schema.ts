import { z } from 'zod'
import { Day, Instant, lineSchema, proseSchema, ReadVersion, SearchText, Version, Year } from '../fields.ts'
import { addressSchema, idSchema } from '../ids.ts'
import { ExternalId, importFields, importResultSchema, maxImportRows, ofRows } from '../imports.ts'
import { pageFields, pageOf } from '../paging.ts'

/** Status of a record (FHIR R4, composition status). */
export const RecordStatus = z.enum(['preliminary', 'final', 'amended', 'entered-in-error'])
export type RecordStatus = z.output<typeof RecordStatus>

/** A concept of a code system, such as SNOMED CT (`http://snomed.info/sct`). */
export const Code = z
  .strictObject({ system: lineSchema(200), code: lineSchema(64), display: lineSchema(500) })
  .meta({ id: 'Code' })
export type Code = z.output<typeof Code>

/** What a record is of: `encounter`, `condition`, `procedure`, `note`, … */
const Kind = lineSchema(64).describe('`encounter`, `condition`, `procedure`, `note` …')
const Title = lineSchema(500).describe('What it is of, in a line')
const Notes = proseSchema(100_000).describe('Free text, 100,000 characters at most')
const Clinician = lineSchema(200).describe('Name of whoever treated the patient')
const RecordDay = Day.describe('Day of what it tells of')

export const MedicalRecord = z
  .strictObject({
    id: idSchema('record'),
    patientId: idSchema('patient'),
    date: Day,
    kind: z.string().max(64),
    status: RecordStatus,
    title: z.string().max(500),
    code: Code.optional(),
    notes: z.string().max(100_000).optional(),
    clinician: z.string().max(200).optional(),
    createdAt: Instant,
    updatedAt: Instant,
    version: Version,
  })
  .meta({ id: 'Record' })
export type MedicalRecord = z.output<typeof MedicalRecord>

const ofCode = 'Concept of a code system: `system`, `code` and `display`'
const recordFields = {
  date: RecordDay,
  kind: Kind,
  status: RecordStatus.default('final').describe('Status (FHIR R4, composition status)'),
  title: Title,
  code: Code.optional().describe(ofCode),
  notes: Notes.optional(),
  clinician: Clinician.optional(),
}

export const CreateRecordInput = z.strictObject({
  patientId: idSchema('patient').describe('Whose record it is'),
  ...recordFields,
})
export type CreateRecordInput = z.output<typeof CreateRecordInput>

/** Fields that are named change; without `status`, a record that was final becomes `amended`. */
export const AmendRecordInput = z.strictObject({
  id: addressSchema('record'),
  date: RecordDay.optional(),
  kind: Kind.optional(),
  status: RecordStatus.optional().describe('Status (FHIR R4); without it, a final record becomes `amended`'),
  title: Title.optional(),
  code: Code.nullable().optional().describe(ofCode),
  notes: Notes.nullable().optional(),
  clinician: Clinician.nullable().optional(),
  version: ReadVersion.optional(),
})
export type AmendRecordInput = z.output<typeof AmendRecordInput>

export const RecordIdInput = z.strictObject({ id: addressSchema('record') })
export type RecordIdInput = z.output<typeof RecordIdInput>
export const HistoryInput = z.strictObject({ id: addressSchema('record'), ...pageFields })
export type HistoryInput = z.output<typeof HistoryInput>
export const PatientRecordsInput = z.strictObject({ patientId: addressSchema('patient'), ...pageFields })
export type PatientRecordsInput = z.output<typeof PatientRecordsInput>

const recordFilters = {
  year: Year.optional().describe('Year of the date; alone, the whole year'),
  month: z.int().min(1).max(12).optional().describe('Month of that year'),
  patientId: addressSchema('patient').optional().describe('Whose records: the id of a patient'),
  kind: Kind.optional(),
  code: lineSchema(64).optional().describe('Code of a concept, in any system'),
  q: SearchText.optional().describe(
    'Words that begin as words in title, notes or the display of the code do: `hyper` finds hypertension',
  ),
  from: Day.optional().describe('First day'),
  to: Day.optional().describe('Last day, included'),
}
const monthNeedsYear = {
  check: (input: { year?: number | undefined; month?: number | undefined }) =>
    input.month === undefined || input.year !== undefined,
  error: { path: ['year'], message: 'is needed with month' },
}
const daysInOrder = {
  check: ({ from, to }: { from?: string | undefined; to?: string | undefined }) =>
    from === undefined || to === undefined || from <= to,
  error: { path: ['to'], message: 'must not be before from' },
}
export const RecordListInput = z
  .strictObject({ ...recordFilters, ...pageFields })
  .refine(monthNeedsYear.check, monthNeedsYear.error)
  .refine(daysInOrder.check, daysInOrder.error)
export type RecordListInput = z.output<typeof RecordListInput>
export const RecordStreamInput = z
  .strictObject(recordFilters)
  .refine(monthNeedsYear.check, monthNeedsYear.error)
  .refine(daysInOrder.check, daysInOrder.error)
export type RecordStreamInput = z.output<typeof RecordStreamInput>
export const RecordPage = pageOf(MedicalRecord)

export const ImportRecordRow = z.strictObject({
  externalId: ExternalId,
  patient: ExternalId.describe(
    'What the same source calls the patient: the `externalId` of an imported patient',
  ),
  ...recordFields,
})
export type ImportRecordRow = z.output<typeof ImportRecordRow>
export const ImportRecordsInput = z.strictObject({
  ...importFields,
  rows: z.array(ImportRecordRow).min(1).max(maxImportRows).describe(ofRows),
})
export type ImportRecordsInput = z.output<typeof ImportRecordsInput>
export const ImportRecordsResult = importResultSchema(idSchema('record'))
export type ImportRecordsResult = z.output<typeof ImportRecordsResult>
