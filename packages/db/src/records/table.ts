import type { RecordStatus, Sex } from '@casebook/api/records'
import type { InstantColumn } from '../columns.ts'

export type RecordColumns = {
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
  created_at: InstantColumn
  updated_at: InstantColumn
  version: number
}

export type RecordTables = {
  patient: {
    id: string
    mrn: string | null
    given_name: string
    family_name: string
    birth_date: string
    sex: Sex
    account_id: string | null
    created_at: InstantColumn
    updated_at: InstantColumn
    version: number
  }
  patient_identifier: { source: string; external_id: string; patient_id: string }
  /** `document` is made of the other columns. */
  record: RecordColumns & { id: string; document: string }
  record_version: RecordColumns & { record_id: string }
  record_identifier: { source: string; external_id: string; record_id: string }
}
