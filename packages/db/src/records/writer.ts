import { uuidOf, type PatientId, type RecordId } from '@casebook/api'
import type { AmendRecordInput, CreateRecordInput, MedicalRecord, RecordStatus } from '@casebook/api/records'
import { sql } from 'kysely'
import type { Tx } from '../schema.ts'
import { recordColumns, toRecord, type RecordRow } from './record-row.ts'

export type RecordChange = Omit<AmendRecordInput, 'id' | 'version' | 'status'> & {
  readonly status: RecordStatus
}

/** Changes of records, within a transaction. */
export function createRecordWriter(tx: Tx) {
  return {
    async lock(id: RecordId): Promise<MedicalRecord | null> {
      const { rows } = await sql<RecordRow>`
        select id, ${recordColumns} from record where id = ${uuidOf(id)} for update`.execute(tx)
      return rows[0] === undefined ? null : toRecord(rows[0])
    },

    async patientExists(id: PatientId): Promise<boolean> {
      const row = await tx
        .selectFrom('patient')
        .select('id')
        .where('id', '=', uuidOf(id))
        .forKeyShare()
        .executeTakeFirst()
      return row !== undefined
    },

    async insert(record: CreateRecordInput & { id: RecordId }): Promise<MedicalRecord> {
      const { rows } = await sql<RecordRow>`
        insert into record (id, ${recordColumns}) values (
          ${uuidOf(record.id)}, ${uuidOf(record.patientId)}, ${record.date}, ${record.kind}, ${record.status}, ${record.title},
          ${record.code?.system ?? null}, ${record.code?.code ?? null}, ${record.code?.display ?? null},
          ${record.notes ?? null}, ${record.clinician ?? null}, now(), now(), 1)
        returning id, ${recordColumns}`.execute(tx)
      return single(rows)
    },

    /** Puts the present version away, and writes the next one. */
    async amend(id: RecordId, change: RecordChange): Promise<MedicalRecord> {
      await sql`insert into record_version (record_id, ${recordColumns})
        select id, ${recordColumns} from record where id = ${uuidOf(id)}`.execute(tx)
      const { code, ...columns } = change
      const given = Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined))
      const codeColumns =
        code === undefined
          ? {}
          : {
              code_system: code?.system ?? null,
              code: code?.code ?? null,
              code_display: code?.display ?? null,
            }
      const row = await tx
        .updateTable('record')
        .set({ ...given, ...codeColumns, updated_at: sql<string>`now()`, version: sql<number>`version + 1` })
        .where('id', '=', uuidOf(id))
        .returningAll()
        .executeTakeFirstOrThrow()
      return toRecord(row)
    },
  }
}

function single(rows: readonly RecordRow[]): MedicalRecord {
  const row = rows[0]
  if (row === undefined) throw new Error('the insert returned no row')
  return toRecord(row)
}
