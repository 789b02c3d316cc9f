import { idOf } from '@casebook/api'
import { generateBooks, generateRecords } from '@casebook/db'
import type { Bench } from '../bench.ts'
import { logIn, makeDatabase, withClient } from './database.ts'
import { startOurs } from './server.ts'

/** The database of books and records that most scenarios read, and ids out of it in random order. */
export type Lookups = {
  readonly url: string
  readonly bookIds: readonly string[]
  readonly recordIds: readonly string[]
}

const lookupsName = 'bench_lookups'
const sampled = 20_000

export async function makeLookups(bench: Bench): Promise<Lookups> {
  const { books, patients, lookups: records } = bench.options.sizes
  bench.say(`Writing ${books} books and ${records} records …`)
  const url = await makeDatabase(bench, lookupsName, async (database) => {
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

/**
 * Makes a copy of the lookups for a contender that writes an audit trail, which ours would have to seal otherwise;
 * with a bearer token that is good there.
 */
export async function copyLookups(bench: Bench): Promise<{ url: string; token: string }> {
  await bench.lookups()
  const url = await bench.cluster.create('bench_apart', lookupsName)
  return { url, token: await logInApart(bench, url) }
}

/** Gets a bearer token by a server that is gone afterwards, and with it whatever it took to check the password. */
export async function logInApart(bench: Bench, databaseUrl: string): Promise<string> {
  await using server = await startOurs(bench, databaseUrl)
  return await logIn(server.url)
}

/** Makes a database of records, thirty to a patient. */
export async function makeRecords(bench: Bench, records: number): Promise<string> {
  bench.say(`Writing ${records} records …`)
  return makeDatabase(bench, `bench_records_${records}`, (database) =>
    generateRecords(database, { patients: Math.ceil(records / 30), records }),
  )
}
