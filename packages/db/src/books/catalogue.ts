import { sql } from 'kysely'
import { executeRead } from '../named.ts'
import type { Executor, Tx } from '../schema.ts'

/**
 * Locks the catalogue for a change, and gives it a new stamp; both last until the transaction ends. One change at
 * a time: a book's document holds the names of its authors, so a book and an author that change at once would
 * have to wait for each other anyway. Gives the instant of the change, to the millisecond.
 */
export async function lockCatalogue(tx: Tx): Promise<string> {
  const { rows } = await sql<{ now: string }>`
    update catalogue_state set stamp = gen_random_uuid() returning date_trunc('milliseconds', now()) as now`.execute(
    tx,
  )
  const [row] = rows
  if (row === undefined) throw new Error('the row of catalogue_state is gone')
  return row.now
}

/** Reads the catalogue's stamp: while it is the same, so is the catalogue. */
export async function readCatalogueStamp(db: Executor): Promise<string> {
  const rows = await executeRead(db, sql<{ stamp: string }>`select stamp from catalogue_state`)
  return rows[0]?.stamp ?? ''
}
