import { newId, uuidOf, type BookId, type UserId } from '@casebook/api'
import { exampleAuthor, exampleBook, exampleBooklessAuthor, exampleDraftId } from '@casebook/api/books'
import type { ImportedAuthor, ImportedBook } from '../books/import-store.ts'
import type { CatalogueStores } from '../stores.ts'
import { sampleCatalogue, type SampleBook } from './catalogue.ts'

const source = 'sample'

/** Writes the sample catalogue; `ownerId` gets its drafts. */
export async function seedBooks(tx: CatalogueStores, ownerId: UserId): Promise<void> {
  const authors = new Map<string, ImportedAuthor>()
  for (const { name } of sampleCatalogue.flatMap(contributorsOf)) {
    if (authors.has(name)) continue
    const id = uuidOf(name === exampleAuthor.name ? exampleAuthor.id : newId('author'))
    authors.set(name, { id, name, sortName: sortNameOf(name), externalId: name })
  }
  const bookless = exampleBooklessAuthor
  authors.set(bookless.name, { ...bookless, id: uuidOf(bookless.id), externalId: bookless.name })
  await tx.bookImport.insertAuthors(source, [...authors.values()])
  const toImported = (book: SampleBook): ImportedBook => ({
    id: uuidOf(idOfSample(book)),
    externalId: book.title,
    title: book.title,
    subtitle: book.subtitle ?? null,
    isbn13: null,
    language: book.language,
    publishedOn: `${book.year}-01-01`,
    description: null,
    subjects: book.subjects,
    contributors: contributorsOf(book).map(({ name, role }) => ({
      authorId: authors.get(name)?.id ?? '',
      role,
    })),
  })
  for (const status of ['published', 'draft'] as const) {
    const books = sampleCatalogue
      .filter((book) => (book.isDraft === true) === (status === 'draft'))
      .map(toImported)
    await tx.bookImport.insertBooks({ source, status, ownerId: uuidOf(ownerId), books })
  }
}

/** Examples speak of two books, which must be there: a published one, and the first draft. */
function idOfSample(book: SampleBook): BookId {
  if (book.title === exampleBook.title) return exampleBook.id
  return book === sampleCatalogue.find(({ isDraft }) => isDraft) ? exampleDraftId : newId('book')
}

function contributorsOf({ who }: SampleBook) {
  return who.map((one) =>
    typeof one === 'string' ? { name: one, role: 'author' as const } : { name: one[0], role: one[1] },
  )
}

function sortNameOf(name: string): string {
  const words = name.split(' ')
  const family = words.pop() ?? name
  return words.length === 0 || name.includes('&') ? name : `${family}, ${words.join(' ')}`
}
