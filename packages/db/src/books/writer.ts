import { uuidOf, type AuthorId, type BookId, type UserId } from '@casebook/api'
import type {
  Book,
  BookStatus,
  ContributorInput,
  CreateBookInput,
  UpdateBookInput,
} from '@casebook/api/books'
import { sql } from 'kysely'
import type { Tx } from '../schema.ts'
import { bookColumns, toBook, type BookRow } from './book-row.ts'
import { createBookStore, scopeCondition, type BookScope } from './store.ts'

export type LockedBook = { readonly book: Book; readonly ownerId: string | null }
export type NewBook = CreateBookInput & { readonly id: BookId; readonly ownerId: UserId }
export type BookChange = Omit<UpdateBookInput, 'id' | 'version'> & { readonly status?: BookStatus }

/** Changes of books, within a transaction. */
export function createBookWriter(tx: Tx) {
  const read = async (id: BookId): Promise<Book> => {
    const book = await createBookStore(tx, { kind: 'all' }).get(id)
    if (book === null) throw new Error('the book that was written is gone')
    return book
  }

  const setContributors = async (id: BookId, contributors: readonly ContributorInput[]): Promise<void> => {
    await tx.deleteFrom('book_contributor').where('book_id', '=', uuidOf(id)).execute()
    if (contributors.length === 0) return
    await tx
      .insertInto('book_contributor')
      .values(
        contributors.map(({ authorId, role }, position) => ({
          book_id: uuidOf(id),
          position,
          author_id: uuidOf(authorId),
          role,
        })),
      )
      .execute()
  }

  return {
    /** Reads a book that a scope shows, and locks it. */
    async lock(id: BookId, scope: BookScope): Promise<LockedBook | null> {
      const { rows } = await sql<BookRow & { owner_id: string | null }>`
        select ${bookColumns}, b.owner_id from book b
        where b.id = ${uuidOf(id)} and ${scopeCondition(scope)} for update of b`.execute(tx)
      const row = rows[0]
      return row === undefined ? null : { book: toBook(row), ownerId: row.owner_id }
    },

    /** Gives those of some authors that exist, and keeps them from being deleted meanwhile. */
    async existingAuthors(ids: readonly AuthorId[]): Promise<Set<string>> {
      if (ids.length === 0) return new Set()
      const rows = await tx
        .selectFrom('author')
        .select('id')
        .where('id', 'in', ids.map(uuidOf))
        .forKeyShare()
        .execute()
      return new Set(rows.map((row) => row.id))
    },

    async insert(book: NewBook): Promise<Book> {
      await tx
        .insertInto('book')
        .values({
          id: uuidOf(book.id),
          title: book.title,
          subtitle: book.subtitle ?? null,
          isbn13: book.isbn13 ?? null,
          language: book.language ?? null,
          published_on: book.publishedOn ?? null,
          status: 'draft',
          description: book.description ?? null,
          subjects: book.subjects,
          owner_id: uuidOf(book.ownerId),
          created_at: sql`now()`,
          updated_at: sql`now()`,
          version: 1,
        })
        .execute()
      await setContributors(book.id, book.contributors)
      return read(book.id)
    },

    async update(id: BookId, change: BookChange): Promise<Book> {
      const { contributors, publishedOn, ...columns } = change
      const given = Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined))
      await tx
        .updateTable('book')
        .set({
          ...given,
          ...(publishedOn === undefined ? {} : { published_on: publishedOn }),
          updated_at: sql<string>`now()`,
          version: sql<number>`version + 1`,
        })
        .where('id', '=', uuidOf(id))
        .execute()
      if (contributors !== undefined) await setContributors(id, contributors)
      return read(id)
    },

    async delete(id: BookId): Promise<void> {
      await tx.deleteFrom('book').where('id', '=', uuidOf(id)).execute()
    },
  }
}
