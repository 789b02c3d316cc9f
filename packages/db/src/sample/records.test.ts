import type { MedicalRecord } from '@casebook/api/records'
import { expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../testing/index.ts'
import { writeBatches } from './batches.ts'
import { generateRecords } from './records.ts'

/** What of the records a seed repeats: all but ids, times and, with these, the order. */
async function recordsOf(database: TestDatabase): Promise<string[]> {
  const runs = await Array.fromAsync(database.stores.records({ kind: 'all' }).runs({}, ','))
  const records = JSON.parse(`[${runs.join(',')}]`) as MedicalRecord[]
  const texts = records.map(({ id: _, patientId: _p, createdAt: _c, updatedAt: _u, ...record }) =>
    JSON.stringify(record),
  )
  return texts.toSorted()
}

test('the same seed gives the same records, and another one others', async () => {
  await using first = await openTestDatabase()
  await using second = await openTestDatabase()
  await using third = await openTestDatabase()
  await generateRecords(first, { patients: 10, records: 300, seed: 7, source: 'a' })
  await generateRecords(second, { patients: 10, records: 300, seed: 7, source: 'a' })
  await generateRecords(third, { patients: 10, records: 300, seed: 8, source: 'a' })
  const records = await recordsOf(first)
  expect(records).toHaveLength(300)
  expect(await recordsOf(second)).toEqual(records)
  expect(await recordsOf(third)).not.toEqual(records)
})

test('every batch is written, and its progress told when it is', async () => {
  await using database = await openTestDatabase()
  const told: number[] = []
  const onProgress = (done: number) => told.push(done)
  await generateRecords(database, { patients: 3, records: 23_000, source: 'many', onProgress })
  expect(await recordsOf(database)).toHaveLength(23_000)
  expect(told.at(-1)).toBe(23_000)
  expect(told).toEqual(told.toSorted((a, b) => a - b))
})

test('a batch that cannot be written ends the work with its error', async () => {
  let batches = 0
  const write = async () => {
    batches += 1
    await Promise.resolve()
    throw new Error(`batch ${batches}`)
  }
  await expect(writeBatches(100_000, String, write)).rejects.toThrow('batch')
  expect(batches).toBe(2)
})
