import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { MedicalRecord } from '@casebook/api/records'
import { openTestDatabase, testEngine, type TestDatabase } from '@casebook/db/testing'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadSample } from '../src/sample.ts'
import { createPasswords } from '@casebook/core'

const main = join(import.meta.dirname, '../src/main.js')

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'casebook-generate-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Runs `casebook-server` on a folder of the test's own, or on a database. */
async function run(args: readonly string[], database?: TestDatabase) {
  const env = database?.url ? { DATABASE_URL: database.url, UNSAFE_DATABASE: 'true' } : {}
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], DATA_DIR: folder, CASEBOOK_ENGINE: testEngine, ...env },
  })
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code: child.exitCode, out, err }
}

async function countOf(database: TestDatabase, table: 'book' | 'author' | 'patient' | 'record') {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(
    database.kysely,
  )
  return rows[0]?.n
}

test('fills the embedded database of the settings once it is migrated, and says so before', async () => {
  const args = ['generate', '--books', '100', '--records', '90', '--seed', '5']
  const early = await run(args)
  expect(early).toMatchObject({ code: 1, err: expect.stringMatching(/lacks \d+ migrations: run .* migrate/) })
  expect((await run(['migrate'])).code).toBe(0)
  expect(await run(args)).toEqual({
    code: 0,
    out: 'Generated 100 books, 3 patients and 90 records (seed 5).\n',
    err: '',
  })
})

describe.runIf(testEngine === 'postgres')('on a database that others have open', () => {
  test('each run adds to what is there, with the next seed; a seed works once', async () => {
    await using database = await openTestDatabase()
    await loadSample(database, createPasswords({ processes: 0 }))
    const sample = (await countOf(database, 'book')) ?? 0
    const args = ['generate', '--books', '300', '--patients', '40', '--records', '500']
    const first = await run(args, database)
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining('(seed 1)') })
    const second = await run(args, database)
    expect(second).toMatchObject({ code: 0, out: expect.stringContaining('(seed 2)') })
    const again = await run([...args, '--seed', '2'], database)
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('Seed 2 has been generated here') })
    expect(await countOf(database, 'book')).toBe(sample + 600)
    expect(await countOf(database, 'patient')).toBe(25 + 80)
    const runs = await Array.fromAsync(database.stores.records({ kind: 'all' }).runs({}, ','))
    const records = JSON.parse(`[${runs.join(',')}]`) as unknown[]
    expect(records.map((record) => MedicalRecord.parse(record))).toHaveLength(250 + 1000)
  })

  test("books are an admin's where there is one, and nobody's where there is none", async () => {
    await using alone = await openTestDatabase()
    expect((await run(['generate', '--books', '10'], alone)).code).toBe(0)
    await using kept = await openTestDatabase()
    await loadSample(kept, createPasswords({ processes: 0 }))
    expect((await run(['generate', '--books', '10'], kept)).code).toBe(0)
    const ownersOf = async (database: TestDatabase) => {
      const { rows } = await sql<{ role: string | null }>`
        select distinct u.role from book b left join user_account u on u.id = b.owner_id
        where exists (select from book_identifier i where i.book_id = b.id and i.source = 'generated-1')`.execute(
        database.kysely,
      )
      return rows.map(({ role }) => role)
    }
    expect(await ownersOf(alone)).toEqual([null])
    expect(await ownersOf(kept)).toEqual(['admin'])
  })
})

test.each([
  [['generate'], /--books, --patients or --records/],
  [['generate', '--books', 'many'], /--books must be a whole number from 0 to 10000000/],
  [['generate', '--books', '10000001'], /--books must be a whole number/],
  [['generate', '--records', '5', '--patients', '0'], /Records need patients/],
  [['generate', '--books', '5', '--seed', '-1'], /--seed/],
])('%j is refused with what to do', async (args, message) => {
  expect(await run(args)).toMatchObject({ code: 2, out: '', err: expect.stringMatching(message) })
})
