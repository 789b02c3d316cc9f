import { newId, uuidOf } from '@casebook/api'
import type { Database } from '@casebook/db'

const batch = 2000
const subjects = ['Nursing', 'Hygiene', 'Anatomy', 'Surgery', 'Pharmacology', 'Public Health', 'Pediatrics']
const topics = ['Nursing', 'Fevers', 'the Heart', 'Hospital Hygiene', 'Clinical Reasoning', 'Wounds', 'Sleep']
const kinds = ['Notes on', 'A Handbook of', 'Lectures on', 'The Practice of', 'An Introduction to']

/** Writes published books with two authors each. */
export async function generateBooks(database: Database, { books }: { books: number }): Promise<void> {
  const row = await database.kysely.selectFrom('user_account').select('id').executeTakeFirstOrThrow()
  const authors = Array.from({ length: Math.max(2, Math.ceil(books / 4)) }, (_, place) => ({
    id: uuidOf(newId('author')),
    name: `Author Number ${place}`,
    sortName: `Number ${place}, Author`,
    externalId: `author-${place}`,
  }))
  for (let done = 0; done < authors.length; done += batch)
    await database.transaction((tx) => tx.bookImport.insertAuthors('bench', authors.slice(done, done + batch)))
  const authorOf = (place: number) => authors[place % authors.length]?.id ?? ''
  for (let done = 0; done < books; done += batch) {
    const some = Array.from({ length: Math.min(batch, books - done) }, (_, index) => {
      const place = done + index
      return {
        id: uuidOf(newId('book')),
        externalId: `book-${place}`,
        title: `${kinds[place % 5]} ${topics[place % 7]}, volume ${place}`,
        subtitle: place % 3 === 0 ? 'For those who watch at the bedside' : null,
        isbn13: null,
        language: 'en',
        publishedOn: `${1850 + (place % 170)}-01-01`,
        description: null,
        subjects: [subjects[place % 7] ?? '', subjects[(place + 3) % 7] ?? ''],
        contributors: [
          { authorId: authorOf(place), role: 'author' as const },
          { authorId: authorOf(place * 7 + 1), role: 'author' as const },
        ],
      }
    })
    await database.transaction((tx) =>
      tx.bookImport.insertBooks({ source: 'bench', status: 'published', ownerId: row.id, books: some }),
    )
  }
}
