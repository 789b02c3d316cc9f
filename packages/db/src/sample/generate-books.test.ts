import { Book, Author, parseIsbn } from '@casebook/api/books'
import { expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../testing/index.ts'
import { generateBooks } from './generate-books.ts'

const everything = { status: 'published', sort: 'createdAt' } as const

async function catalogueOf(database: TestDatabase): Promise<Book[]> {
  const runs = await Array.fromAsync(database.stores.books({ kind: 'published' }).runs(everything, ','))
  return JSON.parse(`[${runs.join(',')}]`) as Book[]
}

/** What of a catalogue a seed repeats: all but ids, times and, with these, the order. */
function withoutIds(books: readonly Book[]): string[] {
  const texts = books.map(({ id: _, createdAt: _c, updatedAt: _u, contributors, ...book }) => ({
    ...book,
    contributors: contributors.map(({ author, role }) => [author.name, role]),
  }))
  return texts.map((book) => JSON.stringify(book)).toSorted()
}

test('generates as many published books as asked for, that the contract allows, by a third as many authors', async () => {
  await using database = await openTestDatabase()
  const told: number[] = []
  await generateBooks(database, { books: 1500, onProgress: (done) => told.push(done) })
  const books = await catalogueOf(database)
  expect(books.map((book) => Book.parse(book))).toHaveLength(1500)
  const authors = await database.stores.authors.list({ limit: 1000 })
  expect(authors.map((author) => Author.parse(author))).toHaveLength(500)
  expect(told.at(-1)).toBe(1500)
  const teams = books.map(({ contributors }) => contributors.length)
  expect([Math.min(...teams), Math.max(...teams)]).toEqual([1, 5])
  expect(teams.toSorted((a, b) => a - b)[750]).toBe(2)
})

test('the same seed gives the same catalogue, and another one another', async () => {
  await using first = await openTestDatabase()
  await using second = await openTestDatabase()
  await using third = await openTestDatabase()
  await generateBooks(first, { books: 300, seed: 7 })
  await generateBooks(second, { books: 300, seed: 7 })
  await generateBooks(third, { books: 300, seed: 8 })
  const catalogue = withoutIds(await catalogueOf(first))
  expect(withoutIds(await catalogueOf(second))).toEqual(catalogue)
  expect(withoutIds(await catalogueOf(third))).not.toEqual(catalogue)
})

test('gives valid ISBNs, each once, also where a second catalogue begins at the same one', async () => {
  await using database = await openTestDatabase()
  await generateBooks(database, { books: 1000, seed: 3, source: 'one' })
  await generateBooks(database, { books: 1000, seed: 3, source: 'two' })
  const books = await catalogueOf(database)
  expect(books).toHaveLength(2000)
  const isbns = books.flatMap(({ isbn13 }) => isbn13 ?? [])
  expect(isbns.length).toBeGreaterThan(300)
  expect(new Set(isbns).size).toBe(isbns.length)
  expect(isbns.filter((isbn) => parseIsbn(isbn) !== isbn)).toEqual([])
})

test('uses words as a language does: thousands of them, a few very often', async () => {
  await using database = await openTestDatabase()
  await generateBooks(database, { books: 12_000 })
  const books = await catalogueOf(database)
  const counts = new Map<string, number>()
  for (const word of books.flatMap(({ title }) => title.split(/\W+/)))
    counts.set(word, (counts.get(word) ?? 0) + 1)
  expect(counts.size).toBeGreaterThan(2000)
  const common = [...counts.values()].toSorted((a, b) => b - a)
  expect(common[20]).toBeGreaterThan(100 * (common[2000] ?? Infinity))
})
