import { sql } from 'kysely'
import type { Tx } from './schema.ts'

/** Tables of external identifiers: what another system calls an object of ours. */
const owners = {
  book_identifier: 'book_id',
  author_identifier: 'author_id',
  patient_identifier: 'patient_id',
  record_identifier: 'record_id',
} as const
export type IdentifierTable = keyof typeof owners

/** Gives the UUIDs under which a source's identifiers are known here. */
export async function findIdentifiers(
  tx: Tx,
  table: IdentifierTable,
  wanted: { source: string; externalIds: readonly string[] },
): Promise<Map<string, string>> {
  const { rows } = await sql<{ external_id: string; id: string }>`
    select external_id, ${sql.ref(owners[table])} as id from ${sql.table(table)}
    where source = ${wanted.source} and external_id = any(${[...new Set(wanted.externalIds)]}::text[])`.execute(
    tx,
  )
  return new Map(rows.map((row) => [row.external_id, row.id]))
}

/**
 * Lets one import of a source at a time go on: the others wait here until its transaction has ended, and then
 * find what it has written.
 */
export async function lockSource(tx: Tx, table: IdentifierTable, source: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${table}:${source}`}, 0))`.execute(tx)
}

/** Columns of rows as one array per column, for `unnest`: no limit of parameters, one plan for any number. */
export function columnsOf<T extends object, const K extends keyof T>(
  rows: readonly T[],
  keys: readonly K[],
): { [P in K]: T[P][] } {
  return Object.fromEntries(keys.map((key) => [key, rows.map((row) => row[key])])) as { [P in K]: T[P][] }
}
