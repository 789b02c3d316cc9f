import { isId, uuidOf } from '@casebook/api'
import { sql } from 'kysely'
import type { Tx } from './schema.ts'

/** Tables of external identifiers: what another system calls an object of ours. */
const owners = {
  book_identifier: { column: 'book_id', kind: 'book' },
  author_identifier: { column: 'author_id', kind: 'author' },
  patient_identifier: { column: 'patient_id', kind: 'patient' },
  record_identifier: { column: 'record_id', kind: 'record' },
} as const
export type IdentifierTable = keyof typeof owners

/**
 * Gives the UUIDs under which a source's identifiers are known here. An id of ours names what it names, whatever
 * the source: so what was exported from here is known when it comes back.
 */
export async function findIdentifiers(
  tx: Tx,
  table: IdentifierTable,
  wanted: { source: string; externalIds: readonly string[] },
): Promise<Map<string, string>> {
  const { column, kind } = owners[table]
  const texts = [...new Set(wanted.externalIds)]
  const { rows } = await sql<{ external_id: string; id: string }>`
    select external_id, ${sql.ref(column)} as id from ${sql.table(table)}
    where source = ${wanted.source} and external_id = any(${texts}::text[])`.execute(tx)
  const found = new Map(rows.map((row) => [row.external_id, row.id]))
  const own = new Map(texts.filter((text) => isId(kind, text)).map((id) => [uuidOf(id), id]))
  if (own.size === 0) return found
  const here = await sql<{ id: string }>`
    select id from ${sql.table(kind)} where id = any(${[...own.keys()]}::uuid[])`.execute(tx)
  for (const { id } of here.rows) found.set(own.get(id) ?? '', id)
  return found
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
