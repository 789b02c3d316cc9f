import { uuidOf, type BookId, type UserId } from '@casebook/api'
import type { Book, BookSort, BookStreamInput } from '@casebook/api/books'
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import { inBatches, isAfter } from '../keyset.ts'
import type { Executor } from '../schema.ts'
import { bookColumns, toBook, type BookRow } from './book-row.ts'
import { filterConditions } from './conditions.ts'

/** What of the catalogue a caller may see: published books, these and the own ones, or all. */
export type BookScope =
  | { readonly kind: 'published' }
  | { readonly kind: 'own'; readonly userId: UserId }
  | { readonly kind: 'all' }

/** Sort key of a book: what the order compares, and its id. */
export type BookKeyset = readonly [string, string] | readonly [string]
export type BookListing = {
  readonly filter: BookStreamInput
  readonly limit: number
  readonly after?: BookKeyset | undefined
}
/** A book with its sort key in the order of the list. */
export type ListedBook = { readonly book: Book; readonly keyset: BookKeyset }

/** Books within a scope; there is no query without one. */
export function createBookStore(db: Executor, scope: BookScope) {
  const list = async ({ filter, limit, after }: BookListing): Promise<ListedBook[]> => {
    const { columns, direction } = orderOf(filter.sort)
    const conditions = [scopeCondition(scope), ...filterConditions(filter)]
    if (after !== undefined) conditions.push(isAfter(columns, after, direction))
    const order = sql.join(columns.map((column) => sql`${column} ${sql.raw(direction)}`))
    const { rows } = await sql<BookRow>`
      select ${bookColumns} from book b
      where ${sql.join(conditions, sql` and `)} order by ${order} limit ${limit}`.execute(db)
    return rows.map((row) => ({ book: toBook(row), keyset: keysetOf(row, filter.sort) }))
  }

  return {
    list,

    async *stream(filter: BookStreamInput): AsyncGenerator<Book, void, undefined> {
      const rows = inBatches<ListedBook, BookKeyset>(
        (after, limit) => list({ filter, limit, after }),
        (row) => row.keyset,
      )
      for await (const { book } of rows) yield book
    },

    async get(id: BookId): Promise<Book | null> {
      const { rows } = await sql<BookRow>`
        select ${bookColumns} from book b where b.id = ${uuidOf(id)} and ${scopeCondition(scope)}`.execute(db)
      return rows[0] === undefined ? null : toBook(rows[0])
    },
  }
}

/** The condition of a scope on the book `b`. */
export function scopeCondition(scope: BookScope): RawBuilder<SqlBool> {
  switch (scope.kind) {
    case 'all':
      return sql<SqlBool>`true`
    case 'own':
      return sql<SqlBool>`(b.status = 'published' or b.owner_id = ${uuidOf(scope.userId)})`
    case 'published':
      return sql<SqlBool>`b.status = 'published'`
  }
}

function orderOf(sort: BookSort): { columns: RawBuilder<unknown>[]; direction: 'asc' | 'desc' } {
  const direction = sort.startsWith('-') ? 'desc' : 'asc'
  switch (sort) {
    case 'createdAt':
    case '-createdAt':
      return { columns: [sql`b.id`], direction }
    case 'title':
    case '-title':
      return { columns: [sql`b.title`, sql`b.id`], direction }
    case 'publishedOn':
    case '-publishedOn':
      // A book whose day is not known counts as the earliest.
      return { columns: [sql`coalesce(b.published_on, '0001-01-01')`, sql`b.id`], direction }
  }
}

function keysetOf(row: BookRow, sort: BookSort): BookKeyset {
  if (sort.endsWith('title')) return [row.title, row.id]
  if (sort.endsWith('publishedOn')) return [row.published_on ?? '0001-01-01', row.id]
  return [row.id]
}
