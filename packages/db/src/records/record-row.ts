import { idOf } from '@casebook/api'
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
  return {
    id: idOf('record', row.id),
    patientId: idOf('patient', row.patient_id),
    date: row.date,
    kind: row.kind,
    status: row.status,
    title: row.title,
    ...(hasCode ? { code: { system, code, display } } : {}),
    ...(row.notes === null ? {} : { notes: row.notes }),
    ...(row.clinician === null ? {} : { clinician: row.clinician }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: row.version,
  }
}
