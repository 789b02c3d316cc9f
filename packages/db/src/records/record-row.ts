import { idOf, uuidOf } from '@casebook/api'
import type { MedicalRecord, RecordStatus } from '@casebook/api/records'
import { sql } from 'kysely'

export type RecordRow = {
  id: string
  patient_id: string
  date: string
  kind: string
  status: RecordStatus
  title: string
  code_system: string | null
  code: string | null
  code_display: string | null
  notes: string | null
  clinician: string | null
  created_at: string
  updated_at: string
  version: number
}

/** Columns of a record besides its id, in the tables of records and of their versions. */
export const recordColumns = sql`patient_id, date, kind, status, title, code_system, code, code_display, notes, clinician,
  created_at, updated_at, version`

export function toRecord(row: RecordRow): MedicalRecord {
  const { code_system: system, code, code_display: display } = row
  const hasCode = system !== null && code !== null && display !== null
  return recordOf({
    id: idOf('record', row.id),
    patientId: idOf('patient', row.patient_id),
    date: row.date,
    kind: row.kind,
    status: row.status,
    title: row.title,
    code: hasCode ? { system, code, display } : null,
    notes: row.notes,
    clinician: row.clinician,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: row.version,
  })
}

type Optional = 'code' | 'notes' | 'clinician'
/** Fields of a record, where null stands for one that is not there. */
export type RecordFields = Omit<MedicalRecord, Optional> & {
  readonly [F in Optional]?: MedicalRecord[F] | null | undefined
}

/** Makes a record of its fields, in the order of the contract. */
export function recordOf({ code, notes, clinician, ...fields }: RecordFields): MedicalRecord {
  return {
    id: fields.id,
    patientId: fields.patientId,
    date: fields.date,
    kind: fields.kind,
    status: fields.status,
    title: fields.title,
    ...(code === null || code === undefined
      ? {}
      : { code: { system: code.system, code: code.code, display: code.display } }),
    ...(typeof notes === 'string' ? { notes } : {}),
    ...(typeof clinician === 'string' ? { clinician } : {}),
    createdAt: fields.createdAt,
    updatedAt: fields.updatedAt,
    version: fields.version,
  }
}

/** The JSON of a record as the contract shows it: its fields in the order of the schema. */
export function documentOfRecord(record: MedicalRecord): string {
  return JSON.stringify(record)
}

/** The columns of a record, its document included. */
export function columnsOfRecord(record: MedicalRecord) {
  return {
    id: uuidOf(record.id),
    patient_id: uuidOf(record.patientId),
    date: record.date,
    kind: record.kind,
    status: record.status,
    title: record.title,
    code_system: record.code?.system ?? null,
    code: record.code?.code ?? null,
    code_display: record.code?.display ?? null,
    notes: record.notes ?? null,
    clinician: record.clinician ?? null,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
    version: record.version,
    document: documentOfRecord(record),
  }
}
