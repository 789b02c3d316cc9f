import { uuidOf, type PatientId, type RecordId } from '@casebook/api'
import type { AmendRecordInput, CreateRecordInput, MedicalRecord, RecordStatus } from '@casebook/api/records'
import { sql } from 'kysely'
import { readNow } from '../now.ts'
import type { Tx } from '../schema.ts'
import { columnsOfRecord, recordColumns, recordOf, toRecord, type RecordRow } from './record-row.ts'

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

    async insert(input: CreateRecordInput & { id: RecordId }): Promise<MedicalRecord> {
      const now = await readNow(tx)
      const record = recordOf({ ...input, createdAt: now, updatedAt: now, version: 1 })
      await tx.insertInto('record').values(columnsOfRecord(record)).execute()
      return record
    },

    /** Puts the present version of a record that is locked away, and writes the next one. */
    async amend(current: MedicalRecord, change: RecordChange): Promise<MedicalRecord> {
      await sql`insert into record_version (record_id, ${recordColumns})
        select id, ${recordColumns} from record where id = ${uuidOf(current.id)}`.execute(tx)
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
      const now = await readNow(tx)
      const record = recordOf({ ...current, ...given, updatedAt: now, version: current.version + 1 })
      const { id, ...columns } = columnsOfRecord(record)
      await tx.updateTable('record').set(columns).where('id', '=', id).execute()
      return record
    },
  }
}
