import { createReadStream, createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from, to } from 'pg-copy-streams'

/** A table's rows in a file, in PostgreSQL's own text form. */
export type TableFile = { readonly table: string; readonly columns: string; readonly file: string }

/** Reads a query through COPY, without keeping anything; gives the bytes. */
export async function copyOut(client: pg.Client, query: string): Promise<number> {
  let bytes = 0
  for await (const chunk of client.query(to(`copy (${query}) to stdout`))) bytes += (chunk as Buffer).length
  return bytes
}

/** Writes the tables of records that hold rows to files below `folder`, those first that others refer to. */
export async function saveTables(client: pg.Client, folder: string): Promise<TableFile[]> {
  const { rows } = await client.query<{ table: string; columns: string }>(`
    select table_name as table, string_agg(quote_ident(column_name), ', ' order by ordinal_position) as columns
    from information_schema.columns
    where table_schema = current_schema() and table_name like 'record%' and is_generated = 'NEVER'
    group by table_name order by table_name`)
  const saved: TableFile[] = []
  for (const { table, columns } of rows) {
    const file = `${folder}/${table}.copy`
    await pipeline(client.query(to(`copy ${table} (${columns}) to stdout`)), createWriteStream(file))
    const { rowCount } = await client.query(`select from ${table} limit 1`)
    if (rowCount !== 0) saved.push({ table, columns, file })
  }
  return saved
}

/** Writes saved tables into the same tables of another database, in one transaction. */
export async function loadTables(client: pg.Client, tables: readonly TableFile[]): Promise<void> {
  await client.query('begin')
  for (const { table, columns, file } of tables)
    await pipeline(createReadStream(file), client.query(from(`copy ${table} (${columns}) from stdin`)))
  await client.query('commit')
}
