import { idOf, uuidOf, type AuthorId, type BookId, type UserId } from '@casebook/api'
import type {
  Book,
  BookStatus,
  ContributorInput,
  CreateBookInput,
  UpdateBookInput,
} from '@casebook/api/books'
import { sql } from 'kysely'
import type { Tx } from '../schema.ts'
import { bookColumns, bookOf, columnsOfBook, toNamedBook, type BookRow, type NamedBook } from './book-row.ts'
import { scopeCondition } from './conditions.ts'
import type { BookScope } from './store.ts'

export type LockedBook = NamedBook & { readonly ownerId: string | null }
export type NewBook = CreateBookInput & { readonly id: BookId; readonly ownerId: UserId }
export type BookChange = Omit<UpdateBookInput, 'id' | 'version'> & { readonly status?: BookStatus }
export type AuthorNames = { readonly name: string; readonly sortName: string }

/** Changes of books, within a change of the catalogue that began at `now`. */
export function createBookWriter(tx: Tx, now: string) {
  const authorNames = async (ids: readonly AuthorId[]): Promise<Map<AuthorId, AuthorNames>> => {
    if (ids.length === 0) return new Map()
    const rows = await tx
      .selectFrom('author')
      .select(['id', 'name', 'sort_name'])
      .where('id', 'in', ids.map(uuidOf))
      .execute()
    return new Map(rows.map((row) => [idOf('author', row.id), { name: row.name, sortName: row.sort_name }]))
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

  const named = async (contributors: readonly ContributorInput[]) => {
    const names = await authorNames(contributors.map(({ authorId }) => authorId))
    const nameOf = (id: AuthorId) => names.get(id) ?? { name: '', sortName: '' }
    return {
      contributors: contributors.map(({ authorId, role }) => ({
        author: { id: authorId, name: nameOf(authorId).name },
        role,
      })),
      sortNames: contributors.map(({ authorId }) => nameOf(authorId).sortName),
    }
  }

  return {
    /** Reads a book that a scope shows, and locks it. */
    async lock(id: BookId, scope: BookScope): Promise<LockedBook | null> {
      const { rows } = await sql<BookRow & { owner_id: string | null }>`
        select ${bookColumns}, b.owner_id from book b
        where b.id = ${uuidOf(id)} and ${scopeCondition(scope)} for update of b`.execute(tx)
      const row = rows[0]
      return row === undefined ? null : { ...toNamedBook(row), ownerId: row.owner_id }
    },

    /** Gives those of some authors that exist. */
    async existingAuthors(ids: readonly AuthorId[]): Promise<ReadonlySet<AuthorId>> {
      return new Set((await authorNames(ids)).keys())
    },

    async insert({ id, ownerId, ...input }: NewBook): Promise<Book> {
      const { contributors, sortNames } = await named(input.contributors)
      const book = bookOf({
        ...input,
        id,
        status: 'draft',
        contributors,
        createdAt: now,
        updatedAt: now,
        version: 1,
      })
      await tx
        .insertInto('book')
        .values({ ...columnsOfBook({ book, sortNames }), owner_id: uuidOf(ownerId) })
        .execute()
      await setContributors(id, input.contributors)
      return book
    },

    /** Writes the next version of a book that is locked. */
    async update(locked: NamedBook, { contributors: given, ...change }: BookChange): Promise<Book> {
      const { contributors, sortNames } =
        given === undefined
          ? { contributors: locked.book.contributors, sortNames: locked.sortNames }
          : await named(given)
      const { id, version } = locked.book
      const columnsGiven = Object.fromEntries(
        Object.entries(change).filter(([, value]) => value !== undefined),
      )
      const book = bookOf({
        ...locked.book,
        ...columnsGiven,
        contributors,
        updatedAt: now,
        version: version + 1,
      })
      const { id: uuid, ...columns } = columnsOfBook({ book, sortNames })
      await tx.updateTable('book').set(columns).where('id', '=', uuid).execute()
      if (given !== undefined) await setContributors(id, given)
      return book
    },

    async delete(id: BookId): Promise<void> {
      await tx.deleteFrom('book').where('id', '=', uuidOf(id)).execute()
    },
  }
}
