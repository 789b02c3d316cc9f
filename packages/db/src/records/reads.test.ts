import { newId } from '@casebook/api'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { generateRecords } from '../sample/records.ts'
import { openTestDatabase, type TestDatabase } from '../testing/index.ts'
import type { OneRead, PageRead } from './reads.ts'

const scope = { kind: 'all' } as const
const entryOf = (requestId: string) =>
  ({ action: 'records.list', outcome: 'allowed', address: '::1', requestId }) as const
const page = (requestId: string, limit = 10): PageRead => ({
  scope,
  entry: entryOf(requestId),
  listing: { filter: {}, limit },
})
const one = (requestId: string): OneRead => ({ scope, entry: entryOf(requestId), id: newId('record') })

async function trailOf(database: TestDatabase): Promise<string[]> {
  return (await database.stores.audit.list({ limit: 100 })).map(({ requestId }) => requestId).toSorted()
}

test('reads of several callers fail together when the entry of one cannot be written, and leave none', async () => {
  await using database = await openTestDatabase()
  await generateRecords(database, { patients: 2, records: 20 })
  const { kysely, stores } = database
  await sql`create function refuse_entry() returns trigger language plpgsql as $$
    begin
      if new.request_id = 'bad' then raise exception 'no room in the trail'; end if;
      return new;
    end $$`.execute(kysely)
  await sql`create trigger refuse_entry before insert on audit_entry for each row execute function refuse_entry()`.execute(
    kysely,
  )
  const { recordReads } = stores
  await expect(recordReads.pages([page('1'), page('bad'), page('2')])).rejects.toThrow(/no room in the trail/)
  await expect(recordReads.ones([one('3'), one('bad')])).rejects.toThrow(/no room in the trail/)
  expect(await trailOf(database)).toEqual([])
  const found = await recordReads.pages([page('1'), page('2')])
  expect(found.map(({ documents }) => (JSON.parse(`[${documents.join(',')}]`) as object[]).length)).toEqual([
    10, 10,
  ])
  expect(await recordReads.ones([one('3')])).toEqual([null])
  expect(await trailOf(database)).toEqual(['1', '2', '3'])
})

test('pages of several forms are refused before anything is read', async () => {
  await using database = await openTestDatabase()
  const { recordReads } = database.stores
  await expect(recordReads.pages([page('1', 10), page('2', 20)])).rejects.toThrow(/several forms/)
  await expect(recordReads.pages([page('1', 7), page('2', 7)])).rejects.toThrow(/several forms/)
  expect(await trailOf(database)).toEqual([])
})
