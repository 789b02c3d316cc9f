import { sql, type RawBuilder } from 'kysely'
import { columnsOf } from '../identifiers.ts'
import type { CheckedDocument } from '../checked-document.ts'
import type { Executor, Tx } from '../schema.ts'
import { documentOfRecord, recordColumns, toRecord, type RecordRow } from './record-row.ts'

/** Makes the documents of some records anew, and compares them with what is stored; `lock` keeps them as they are. */
export async function checkRecords(
  db: Executor,
  which: RawBuilder<unknown>,
  lock: RawBuilder<unknown> = sql``,
): Promise<CheckedDocument[]> {
  const { rows } = await sql<RecordRow & { document: string | null }>`
    select id, ${recordColumns}, document from record ${which} ${lock}`.execute(db)
  return rows.map((row) => {
    const document = documentOfRecord(toRecord(row))
    return { id: row.id, document, isRight: document === row.document }
  })
}

/** Writes the documents of some records. */
export async function writeRecords(tx: Tx, checked: readonly CheckedDocument[]): Promise<void> {
  if (checked.length === 0) return
  const c = columnsOf(checked, ['id', 'document'])
  await sql`update record r set document = t.document
    from unnest(${c.id}::uuid[], ${c.document}::text[]) as t (id, document) where r.id = t.id`.execute(tx)
}
