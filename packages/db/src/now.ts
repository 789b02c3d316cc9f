import { sql } from 'kysely'
import type { Tx } from './schema.ts'

/** Gives the instant at which a transaction began, by the database's clock, to the millisecond. */
export async function readNow(tx: Tx): Promise<string> {
  const { rows } = await sql<{ now: string }>`select date_trunc('milliseconds', now()) as now`.execute(tx)
  const [row] = rows
  if (row === undefined) throw new Error('the database does not tell the time')
  return row.now
}
