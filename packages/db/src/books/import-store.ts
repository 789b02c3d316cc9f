import { idOf } from '@casebook/api'
import type { BookStatus, Relator } from '@casebook/api/books'
import { sql } from 'kysely'
import { columnsOf, findIdentifiers } from '../identifiers.ts'
import type { Tx } from '../schema.ts'
import { bookOf, columnsOfBook, type NamedBook } from './book-row.ts'

export type ImportedAuthor = { id: string; name: string; sortName: string; externalId: string | null }
export type ImportedBook = {
  id: string
  externalId: string
  title: string
  subtitle: string | null
  isbn13: string | null
  language: string | null
  publishedOn: string | null
  description: string | null
  subjects: readonly string[]
  contributors: readonly { authorId: string; role: Relator }[]
}
export type BookBatch = {
  source: string
  status: BookStatus
  /** Null: nobody's. */
  ownerId: string | null
  books: readonly ImportedBook[]
}

/** Bulk writes of an import, within a change of the catalogue that began at `now`: a statement per table and batch. */
export function createBookImportStore(tx: Tx, now: string) {
  return {
    findBooks: (source: string, externalIds: readonly string[]) =>
      findIdentifiers(tx, 'book_identifier', { source, externalIds }),
    findAuthors: (source: string, externalIds: readonly string[]) =>
      findIdentifiers(tx, 'author_identifier', { source, externalIds }),

    /** Finds authors by their exact names; of several with one name, the oldest. */
    async findAuthorsByName(names: readonly string[]): Promise<Map<string, string>> {
      const { rows } = await sql<{ name: string; id: string }>`
        select distinct on (name) name, id from author where name = any(${[...new Set(names)]}::text[]) order by name, id`.execute(
        tx,
      )
      return new Map(rows.map((row) => [row.name, row.id]))
    },

    async takenIsbns(isbns: readonly string[]): Promise<Set<string>> {
      const { rows } = await sql<{ isbn13: string }>`
        select isbn13 from book where isbn13 = any(${[...isbns]}::text[])`.execute(tx)
      return new Set(rows.map((row) => row.isbn13))
    },

    async insertAuthors(source: string, authors: readonly ImportedAuthor[]): Promise<void> {
      if (authors.length === 0) return
      const { id, name, sortName } = columnsOf(authors, ['id', 'name', 'sortName'])
      await sql`insert into author (id, name, sort_name, created_at, updated_at)
        select id, name, sort_name, now(), now()
        from unnest(${id}::uuid[], ${name}::text[], ${sortName}::text[]) as t (id, name, sort_name)`.execute(
        tx,
      )
      await this.nameAuthors(source, authors)
    },

    /** Notes what the source calls these authors. */
    async nameAuthors(
      source: string,
      authors: readonly Pick<ImportedAuthor, 'id' | 'externalId'>[],
    ): Promise<void> {
      const named = columnsOf(
        authors.filter((author) => author.externalId !== null),
        ['id', 'externalId'],
      )
      await sql`insert into author_identifier (source, external_id, author_id)
        select ${source}, external_id, id from unnest(${named.id}::uuid[], ${named.externalId}::text[]) as t (id, external_id)
        on conflict do nothing`.execute(tx)
    },

    async insertBooks({ source, status, ownerId, books }: BookBatch): Promise<void> {
      if (books.length === 0) return
      const rows = (await withNames(tx, { books, status, now })).map(columnsOfBook)
      const c = columnsOf(rows, [
        'id',
        'title',
        'subtitle',
        'isbn13',
        'language',
        'published_on',
        'description',
        'document',
        'search',
      ])
      // Arrays of arrays must be rectangular in PostgreSQL, so subjects travel as JSON.
      const subjects = books.map((book) => JSON.stringify(book.subjects))
      await sql`insert into book (id, title, subtitle, isbn13, language, published_on, description, subjects, document, search,
          status, owner_id, created_at, updated_at, version)
        select id, title, subtitle, isbn13, language, published_on, description,
          array(select jsonb_array_elements_text(subjects)), document, search, ${status}, ${ownerId}, ${now}, ${now}, 1
        from unnest(${c.id}::uuid[], ${c.title}::text[], ${c.subtitle}::text[], ${c.isbn13}::text[], ${c.language}::text[],
          ${c.published_on}::date[], ${c.description}::text[], ${subjects}::jsonb[], ${c.document}::text[], ${c.search}::text[])
          as t (id, title, subtitle, isbn13, language, published_on, description, subjects, document, search)`.execute(
        tx,
      )
      const named = columnsOf(books, ['id', 'externalId'])
      await sql`insert into book_identifier (source, external_id, book_id)
        select ${source}, external_id, id from unnest(${named.id}::uuid[], ${named.externalId}::text[]) as t (id, external_id)`.execute(
        tx,
      )
      await insertContributors(tx, books)
    },
  }
}

/** Makes books of what is imported, with the names that their authors have here. */
async function withNames(
  tx: Tx,
  { books, status, now }: Pick<BookBatch, 'books' | 'status'> & { now: string },
): Promise<NamedBook[]> {
  const ids = new Set(books.flatMap((book) => book.contributors.map((one) => one.authorId)))
  const { rows } = await sql<{ id: string; name: string; sort_name: string }>`
    select id, name, sort_name from author where id = any(${[...ids]}::uuid[])`.execute(tx)
  const authors = new Map(rows.map((row) => [row.id, row]))
  return books.map(({ id, externalId: _, contributors, ...fields }) => ({
    book: bookOf({
      ...fields,
      id: idOf('book', id),
      subjects: [...fields.subjects],
      status,
      contributors: contributors.map(({ authorId, role }) => ({
        author: { id: idOf('author', authorId), name: authors.get(authorId)?.name ?? '' },
        role,
      })),
      createdAt: now,
      updatedAt: now,
      version: 1,
    }),
    sortNames: contributors.map(({ authorId }) => authors.get(authorId)?.sort_name ?? ''),
  }))
}

async function insertContributors(tx: Tx, books: readonly ImportedBook[]): Promise<void> {
  const rows = books.flatMap((book) =>
    book.contributors.map(({ authorId, role }, position) => ({ bookId: book.id, position, authorId, role })),
  )
  if (rows.length === 0) return
  const c = columnsOf(rows, ['bookId', 'position', 'authorId', 'role'])
  await sql`insert into book_contributor (book_id, position, author_id, role)
    select * from unnest(${c.bookId}::uuid[], ${c.position}::int[], ${c.authorId}::uuid[], ${c.role}::text[])`.execute(
    tx,
  )
}
