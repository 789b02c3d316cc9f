import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCasebook } from './run-casebook.ts'
import { startTestServer, type Role, type TestServer } from './start-test-server.ts'

// goodbooks-10k by zygmuntz, Project Gutenberg's medical catalogue by way of gutenbergr, and Synthea's patients.
const data = process.env['CASEBOOK_REAL_DATA'] ?? ''
const name = data === '' ? 'skipped: real data not there' : 'real data'

type Contributed = {
  readonly title: string
  readonly contributors: readonly { readonly author: { readonly name: string } }[]
}

describe.skipIf(data === '')(name, () => {
  let server: TestServer
  let folder: string
  beforeAll(async () => {
    server = await startTestServer()
    folder = mkdtempSync(join(tmpdir(), 'casebook-real-'))
    cpSync(join(data, 'books'), folder, { recursive: true })
    cpSync(join(data, 'records/csv'), folder, { recursive: true })
  })
  afterAll(async () => {
    await server[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  const bring = async (as: Role, args: string): Promise<unknown> => {
    const env = { CASEBOOK_URL: server.url, CASEBOOK_TOKEN: server.tokenOf(as) }
    const { code, err, json } = await runCasebook([...args.split(' '), '--json'], { env, cwd: folder })
    expect(code, err).toBe(0)
    return json
  }
  const all = async (as: Role, path: string) =>
    (await server.request('GET', path, { as })).json as Record<string, unknown>[]
  const lines = (file: string) => readFileSync(join(folder, file), 'utf8').trim().split('\n').slice(1)

  test('ten thousand books: ISBNs that lost their zeros are repaired where the check digit then fits', async () => {
    const args = 'books import goodbooks-10k.csv --mapping goodbooks --notes notes.csv'
    const isbns = { isbnsTaken: 2689, isbnsRepaired: 6587, isbnsRefused: 24, isbnsEmpty: 700 }
    expect(await bring('editor', args)).toMatchObject({
      read: 10_000,
      created: 10_000,
      rejected: 0,
      ...isbns,
    })
    expect(await bring('editor', args)).toMatchObject({ created: 0, exists: 10_000, rejected: 0 })
    const books = await all('editor', '/api/books?status=draft')
    const withIsbn = books.filter(({ isbn13 }) => isbn13 !== undefined)
    expect(withIsbn).toHaveLength(2689 + 6587)
    expect(readFileSync(join(folder, 'notes.csv'), 'utf8')).toContain(
      'lost leading zeros, read as 0439023483',
    )
  })

  test('the medical works of a library, with all their authors in order', async () => {
    const args = 'books import gutenberg-medical.csv --mapping gutenberg --status published'
    const read = async () => (await all('editor', '/api/books')) as unknown as Contributed[]
    const contributors = (books: Contributed[]) => books.flatMap((book) => book.contributors)
    const before = contributors(await read()).length
    expect(await bring('editor', args)).toMatchObject({ read: 727, created: 727, rejected: 0 })
    expect(await bring('editor', args)).toMatchObject({ created: 0, exists: 727 })
    const books = await read()
    // A row per author of a work, and 24 rows without one.
    expect(contributors(books).length - before).toBe(793 - 24)
    const gould = books.find(({ title }) => title === 'Anomalies and Curiosities of Medicine')
    expect(contributors(gould === undefined ? [] : [gould]).map(({ author }) => author.name)).toEqual([
      'George M. Gould',
      'Walter L. Pyle',
    ])
  })

  test('patients, their encounters and conditions; a month has as many records as the files say', async () => {
    const files = [
      ['patients import patients.csv --mapping synthea-patients', 615],
      ['records import encounters.csv --mapping synthea-encounters', 18_098],
      ['records import conditions.csv --mapping synthea-conditions', 4546],
    ] as const
    for (const [args, count] of files)
      expect(await bring('clinician', args)).toMatchObject({ read: count, created: count, rejected: 0 })
    for (const [args, count] of files)
      expect(await bring('clinician', args)).toMatchObject({ created: 0, exists: count })

    const inMay = (file: string, column: number) =>
      lines(file).filter((line) => line.split(',')[column]?.startsWith('2019-05')).length
    const month = await all('clinician', '/records/?year=2019&month=5')
    expect(month.filter(({ kind }) => kind === 'encounter')).toHaveLength(inMay('encounters.csv', 2))
    const conditions = inMay('conditions.csv', 3)
    expect(conditions).toBeGreaterThan(0)
    expect(month.filter(({ kind }) => kind === 'condition')).toHaveLength(conditions)
  })
})
