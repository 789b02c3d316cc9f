import { idOf } from '@casebook/api'
import { generateBooks, generateRecords } from '@casebook/db'
import type { Bench } from '../bench.ts'
import { makeDatabase, withClient } from './database.ts'

/** The database of books and records that most scenarios read, and ids out of it in random order. */
export type Lookups = {
  readonly url: string
  readonly bookIds: readonly string[]
  readonly recordIds: readonly string[]
}

const sampled = 20_000

export async function makeLookups(bench: Bench): Promise<Lookups> {
  const { books, patients, lookups: records } = bench.options.sizes
  bench.say(`Writing ${books} books and ${records} records …`)
  const url = await makeDatabase(bench, 'bench_lookups', async (database) => {
    await generateBooks(database, { books })
    await generateRecords(database, { patients, records })
  })
  return withClient(url, async (client) => {
    const idsIn = async (table: 'book' | 'record') => {
      const statement = `select id from ${table} order by md5(id::text) limit ${sampled}`
      const { rows } = await client.query<{ id: string }>(statement)
      return rows.map((row) => idOf(table, row.id))
    }
    return { url, bookIds: await idsIn('book'), recordIds: await idsIn('record') }
  })
}

/** Makes a database of records, thirty to a patient. */
export async function makeRecords(bench: Bench, records: number): Promise<string> {
  bench.say(`Writing ${records} records …`)
  return makeDatabase(bench, `bench_records_${records}`, (database) =>
    generateRecords(database, { patients: Math.ceil(records / 30), records }),
  )
}
