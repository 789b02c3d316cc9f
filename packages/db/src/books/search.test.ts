import { idOf, newUuid } from '@casebook/api'
import type { Book, BookStreamInput } from '@casebook/api/books'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../testing/index.ts'
import type { ImportedBook } from './import-store.ts'

const author = { id: newUuid(), name: 'Henry Gray', sortName: 'Gray, Henry', externalId: null }
const other = {
  id: newUuid(),
  name: 'Mary Surgeon',
  sortName: 'Surgeon, Mary',
  externalId: null,
}
const blank = { subtitle: null, isbn13: null, language: null, publishedOn: null, description: null }

const books: readonly Partial<ImportedBook>[] = [
  {
    title: 'Anatomy',
    subtitle: 'Descriptive and Surgical',
    subjects: ['Anatomy', 'Body'],
    language: 'en',
    publishedOn: '1858-03-01',
  },
  {
    title: 'Cardiology',
    description: 'Of the heart, 100% clinical',
    language: 'en-GB',
    publishedOn: '2020-12-31',
  },
  { title: 'Anatomia', subjects: ['General surgery'], language: 'pt-BR', publishedOn: '2020-01-01' },
  { title: 'Undated', language: 'eng', subjects: ['a_b'] },
]

describe('a search in the catalogue', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase()
    await database.changeCatalogue(async ({ bookImport }) => {
      await bookImport.insertAuthors('test', [author, other])
      const rows = books.map((book, index) => ({
        id: newUuid(),
        externalId: `b-${index}`,
        title: '',
        subjects: [],
        ...blank,
        ...book,
        contributors: [{ authorId: index === 0 ? author.id : other.id, role: 'author' as const }],
      }))
      await bookImport.insertBooks({ source: 'test', status: 'published', ownerId: null, books: rows })
    })
  }, 60_000)
  afterAll(() => database[Symbol.asyncDispose]())

  async function list(filter: Partial<BookStreamInput>): Promise<Book[]> {
    const whole = { status: 'published', sort: 'createdAt', ...filter } as const
    const runs = await Array.fromAsync(database.stores.books({ kind: 'all' }).runs(whole, ','))
    return JSON.parse(`[${runs.join(',')}]`) as Book[]
  }

  test.each([
    [{ q: 'atom' }, ['Anatomia', 'Anatomy']],
    [{ q: 'ATOMY surg' }, ['Anatomy']],
    [{ q: 'heart' }, ['Cardiology']],
    [{ q: 'henry' }, ['Anatomy']],
    [{ q: 'general' }, ['Anatomia']],
    [{ q: '100%' }, ['Cardiology']],
    [{ q: '100_' }, []],
    [{ q: 'a_b' }, ['Undated']],
    [{ subject: 'surg' }, ['Anatomia']],
    [{ subject: 'general surgery' }, ['Anatomia']],
    [{ subject: 'anatomy body' }, []],
    [{ author: 'surg' }, ['Anatomia', 'Cardiology', 'Undated']],
    [{ author: 'gray, h' }, ['Anatomy']],
    [{ author: 'anatomy' }, []],
    [{ author: idOf('author', author.id) }, ['Anatomy']],
    [{ language: 'en' }, ['Anatomy', 'Cardiology']],
    [{ language: 'en-GB' }, ['Cardiology']],
    [{ language: 'pt' }, ['Anatomia']],
    [{ language: 'p' }, []],
    [{ year: 2020 }, ['Anatomia', 'Cardiology']],
    [{ year: 2020, q: 'clinical' }, ['Cardiology']],
    [{ year: 1 }, []],
  ])('%j finds %j', async (filter, titles) => {
    for (const sort of ['createdAt', '-title', 'publishedOn'] as const) {
      const found = await list({ ...filter, sort })
      expect(found.map(({ title }) => title).toSorted(), sort).toEqual(titles)
    }
  })

  test('finds and sorts books whose titles are as long as they may be', async () => {
    // Letters that do not repeat cannot be compressed, and take three bytes each.
    const title = Array.from({ length: 1000 }, (_, n) =>
      String.fromCodePoint(0x4e_00 + ((n * 7919) % 20_000)),
    ).join('')
    await using own = await openTestDatabase()
    await own.changeCatalogue(({ bookImport }) =>
      bookImport.insertBooks({
        source: 'long',
        status: 'published',
        ownerId: null,
        books: ['1', '2', '3'].map((end) => ({
          id: newUuid(),
          externalId: end,
          subjects: [],
          contributors: [],
          ...blank,
          title: title.slice(1) + end,
        })),
      }),
    )
    const filter = { status: 'published', sort: 'title' } as const
    const ends: string[] = []
    for (let after: readonly [string, string] | undefined; ;) {
      const run = await own.stores.books({ kind: 'all' }).list({ filter, limit: 1, after })
      ends.push(...(JSON.parse(`[${run.documents.join(',')}]`) as Book[]).map((book) => book.title.slice(-1)))
      if (!run.hasMore || run.last === null) break
      after = run.last
    }
    expect(ends.toSorted()).toEqual(['1', '2', '3'])
  })
})
