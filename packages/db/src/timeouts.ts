import { sql } from 'kysely'
import type { Tx } from './schema.ts'

/** Lets the statements of a transaction take longer than those of a request may: for work in bulk. */
export async function liftStatementTimeout(tx: Tx): Promise<void> {
  await sql`set local statement_timeout = 0`.execute(tx)
}
