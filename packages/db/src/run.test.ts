import { sql, type KyselyPlugin } from 'kysely'
import { expect, test } from 'vitest'
import { readRuns, type Listing } from './run.ts'
import { openTestDatabase } from './testing/index.ts'

const megabyte = 1024 * 1024

type Thing = { readonly id: number; readonly text: string }

const things = (after: readonly [string] | undefined): Promise<Listing<readonly [string]>> =>
  Promise.resolve({
    from: sql`thing`,
    where: sql`id > ${Number(after?.[0] ?? 0)}`,
    keys: [sql`id`],
    direction: 'asc',
    keysetOf: (document) => [String((JSON.parse(document) as Thing).id)],
    isHot: false,
  })

test.each([
  ['many short texts, then long ones', 100_000, 6000],
  ['long texts from the beginning', 100_000, 0],
  ['short texts alone', 1, 6000],
  ['texts that are longer than a run should be', 2 * megabyte, 5],
])('a run of a whole list is bounded by its length: %s', async (_, length, short) => {
  await using database = await openTestDatabase()
  const { kysely } = database
  const count = short + 30
  await sql`create table thing (id int primary key, document text not null)`.execute(kysely)
  await sql`
    insert into thing
    select id, json_build_object('id', id, 'text', repeat('x', case when id > ${sql.lit(short)} then ${sql.lit(length)} else 10 end))
    from generate_series(1, ${sql.lit(count)}) as id`.execute(kysely)
  const ids: number[] = []
  let longest = 0
  for await (const run of readRuns(kysely, things, '\n')) {
    longest = Math.max(longest, run.length)
    ids.push(...run.split('\n').map((line) => (JSON.parse(line) as Thing).id))
  }
  expect(ids).toEqual(Array.from({ length: count }, (_unused, index) => index + 1))
  // One object may go beyond what a run should have, and 8000 separators and braces stand beside the texts.
  expect(longest).toBeLessThan(megabyte + length + 20_000)
})

test('whole lists take turns after their first run, and each comes out whole', async () => {
  await using database = await openTestDatabase()
  const { kysely } = database
  await sql`create table thing (id int primary key, document text not null)`.execute(kysely)
  await sql`
    insert into thing
    select id, json_build_object('id', id, 'text', repeat('x', 100)) from generate_series(1, 12000) as id`.execute(
    kysely,
  )
  let underway = 0
  const most: number[] = []
  const counting: KyselyPlugin = {
    transformQuery: ({ node }) => {
      underway += 1
      most.push(underway)
      return node
    },
    transformResult: ({ result }) => {
      underway -= 1
      return Promise.resolve(result)
    },
  }
  const db = kysely.withPlugin(counting)
  const lists = await Promise.all(
    [1, 2, 3].map(async () => {
      const runs = readRuns(db, things, '\n')
      const first = await runs.next()
      return { runs, lines: (first.value ?? '').split('\n').length }
    }),
  )
  expect(Math.max(...most)).toBe(3)
  most.length = 0
  const counts = await Promise.all(
    lists.map(async ({ runs, lines }) => {
      let count = lines
      for await (const run of runs) count += run.split('\n').length
      return count
    }),
  )
  expect(counts).toEqual([12_000, 12_000, 12_000])
  expect(most.length).toBeGreaterThan(6)
  expect(Math.max(...most)).toBe(1)
})

test('a run that fails leaves the turn to the next list', async () => {
  await using database = await openTestDatabase()
  const { kysely } = database
  await sql`create table thing (id int primary key, document text not null)`.execute(kysely)
  await sql`
    insert into thing
    select id, json_build_object('id', id, 'text', '') from generate_series(1, 200) as id`.execute(kysely)
  const broken = readRuns<readonly [string]>(
    kysely,
    async (after) => ({ ...(await things(after)), ...(after !== undefined && { from: sql`nothing` }) }),
    '\n',
  )
  await broken.next()
  await expect(broken.next()).rejects.toThrow('nothing')
  let count = 0
  for await (const run of readRuns(kysely, things, '\n')) count += run.split('\n').length
  expect(count).toBe(200)
})
