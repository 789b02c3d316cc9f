import { idOf } from '@casebook/api'
import type { MedicalRecord, RecordStatus, Sex } from '@casebook/api/records'
import { sql } from 'kysely'
import { columnsOf, findIdentifiers, lockSource } from '../identifiers.ts'
import { readNow } from '../now.ts'
import type { Tx } from '../schema.ts'
import { columnsOfRecord, recordOf } from './record-row.ts'

export type ImportedPatient = {
  id: string
  externalId: string
  mrn: string | null
  givenName: string
  familyName: string
  birthDate: string
  sex: Sex
}
export type ImportedRecord = {
  id: string
  externalId: string
  patientId: string
  date: string
  kind: string
  status: RecordStatus
  title: string
  codeSystem: string | null
  code: string | null
  codeDisplay: string | null
  notes: string | null
  clinician: string | null
}

/** Bulk writes of an import: a statement per table and batch. */
export function createRecordImportStore(tx: Tx) {
  return {
    lockPatients: (source: string) => lockSource(tx, 'patient_identifier', source),
    lockRecords: (source: string) => lockSource(tx, 'record_identifier', source),
    findPatients: (source: string, externalIds: readonly string[]) =>
      findIdentifiers(tx, 'patient_identifier', { source, externalIds }),
    findRecords: (source: string, externalIds: readonly string[]) =>
      findIdentifiers(tx, 'record_identifier', { source, externalIds }),

    async takenMrns(mrns: readonly string[]): Promise<Set<string>> {
      const { rows } = await sql<{
        mrn: string
      }>`select mrn from patient where mrn = any(${[...mrns]}::text[])`.execute(tx)
      return new Set(rows.map((row) => row.mrn))
    },

    async insertPatients(source: string, patients: readonly ImportedPatient[]): Promise<void> {
      if (patients.length === 0) return
      const c = columnsOf(patients, [
        'id',
        'externalId',
        'mrn',
        'givenName',
        'familyName',
        'birthDate',
        'sex',
      ])
      await sql`insert into patient (id, mrn, given_name, family_name, birth_date, sex, created_at, updated_at, version)
        select id, mrn, given_name, family_name, birth_date, sex, now(), now(), 1
        from unnest(${c.id}::uuid[], ${c.mrn}::text[], ${c.givenName}::text[], ${c.familyName}::text[], ${c.birthDate}::date[], ${c.sex}::text[])
          as t (id, mrn, given_name, family_name, birth_date, sex)`.execute(tx)
      await sql`insert into patient_identifier (source, external_id, patient_id)
        select ${source}, external_id, id from unnest(${c.id}::uuid[], ${c.externalId}::text[]) as t (id, external_id)`.execute(
        tx,
      )
    },

    async insertRecords(source: string, records: readonly ImportedRecord[]): Promise<void> {
      if (records.length === 0) return
      const now = await readNow(tx)
      const rows = records.map((record) => columnsOfRecord(toNewRecord(record, now)))
      const c = columnsOf(rows, [
        'id',
        'patient_id',
        'date',
        'kind',
        'status',
        'title',
        'code_system',
        'code',
        'code_display',
        'notes',
        'clinician',
        'document',
      ])
      await sql`insert into record (id, patient_id, date, kind, status, title, code_system, code, code_display, notes, clinician,
          document, created_at, updated_at, version)
        select id, patient_id, date, kind, status, title, code_system, code, code_display, notes, clinician, document, ${now}, ${now}, 1
        from unnest(${c.id}::uuid[], ${c.patient_id}::uuid[], ${c.date}::date[], ${c.kind}::text[], ${c.status}::text[], ${c.title}::text[],
          ${c.code_system}::text[], ${c.code}::text[], ${c.code_display}::text[], ${c.notes}::text[], ${c.clinician}::text[], ${c.document}::text[])
          as t (id, patient_id, date, kind, status, title, code_system, code, code_display, notes, clinician, document)`.execute(
        tx,
      )
      const named = columnsOf(records, ['id', 'externalId'])
      await sql`insert into record_identifier (source, external_id, record_id)
        select ${source}, external_id, id from unnest(${named.id}::uuid[], ${named.externalId}::text[]) as t (id, external_id)`.execute(
        tx,
      )
    },
  }
}

function toNewRecord(imported: ImportedRecord, now: string): MedicalRecord {
  const { codeSystem: system, code, codeDisplay: display } = imported
  return recordOf({
    ...imported,
    id: idOf('record', imported.id),
    patientId: idOf('patient', imported.patientId),
    code: system === null || code === null || display === null ? null : { system, code, display },
    createdAt: now,
    updatedAt: now,
    version: 1,
  })
}
