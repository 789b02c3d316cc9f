import { isId, uuidOf } from '@casebook/api'
import type { Book, BookSort, BookStreamInput } from '@casebook/api/books'
import { sql, type Expression, type RawBuilder, type SqlBool } from 'kysely'
import { containsPattern, wordsOf } from '../keyset.ts'
import type { Executor } from '../schema.ts'
import { isNamed } from './author-store.ts'
import type { BookKeyset, BookScope } from './store.ts'

type Condition = RawBuilder<SqlBool>

/** The condition of a scope on the book `b`. */
export function scopeCondition(scope: BookScope): Condition {
  switch (scope.kind) {
    case 'all':
      return sql`true`
    case 'own':
      return sql`(b.status = 'published' or b.owner_id = ${uuidOf(scope.userId)})`
    case 'published':
      return sql`b.status = 'published'`
  }
}

/** The conditions of a list: see `SiftedListing`. */
export type ListConditions = { readonly bounds: Expression<SqlBool>[]; readonly sieve: Condition[] }

/**
 * Gives the conditions of a list within a scope on the book `b`, each in the form that an index is for. A later page
 * has that of its keyset besides.
 */
export async function listConditions(
  db: Executor,
  scope: BookScope,
  filter: BookStreamInput & { readonly isLater: boolean },
): Promise<ListConditions> {
  const { isbn, language, year, subject, author, q, sort } = filter
  const bounds = [statusCondition(scope, filter)]
  const sieve: Condition[] = []
  if (isbn !== undefined) bounds.push(sql`b.isbn13 = ${isbn}`)
  if (year !== undefined) (sort.endsWith('publishedOn') ? bounds : sieve).push(yearCondition(year))
  if (language !== undefined) sieve.push(languageCondition(language))
  if (subject !== undefined) sieve.push(sql`b.subject_lines ilike ${containsPattern(subject)}`)
  if (author !== undefined) sieve.push(...(await authorConditions(db, author)))
  for (const word of wordsOf(q)) sieve.push(sql`b.search ilike ${containsPattern(word)}`)
  return { bounds, sieve }
}

/** The scope for one status; said in two conditions, the one of the scope would keep indexes from being used. */
function statusCondition(
  scope: BookScope,
  { status, sort, isLater }: BookStreamInput & { readonly isLater: boolean },
): Condition {
  if (scope.kind === 'own' && status !== 'published')
    return sql`(b.status = ${status} and b.owner_id = ${uuidOf(scope.userId)})`
  if (scope.kind === 'published' && status !== 'published') return sql`false`
  // It stands in the text: there are three, and a plan for all of them would have to do for the rarest.
  const text = sql.lit(status)
  if (!isByCreation(sort)) return sql`b.status = ${text}`
  if (!isLater) return sql`b.status between ${text} and ${text}`
  // The keyset is the other bound; with both, PostgreSQL may enter the index at the wrong one, and read on from it.
  return sort === 'createdAt' ? sql`b.status <= ${text}` : sql`b.status >= ${text}`
}

/**
 * In the order of creation, which is the one of ids, a status is a range to the planner: told that it is equal, it
 * walks the primary key, and all of a million drafts that were imported last, to find the first published book.
 */
function isByCreation(sort: BookSort): boolean {
  return sort.endsWith('createdAt')
}

/** A tag, or one that begins with it: `pt` finds `pt-BR`. A tag has nothing that `like` takes for a pattern. */
function languageCondition(tag: string): Condition {
  return sql`(b.language collate "C" = ${tag} or b.language collate "C" like ${`${tag}-%`})`
}

function yearCondition(year: number): Condition {
  const text = String(year).padStart(4, '0')
  return sql`(${day} between ${`${text}-01-01`}::date and ${`${text}-12-31`}::date and b.published_on is not null)`
}

/** Authors of a name beyond whom it is quicker to look at books for one of them than at their books. */
const fewAuthors = 200

/** `author` is an id, or a part of a name. */
async function authorConditions(db: Executor, author: string): Promise<Condition[]> {
  if (isId('author', author)) return [byAuthors([uuidOf(author)])]
  const pattern = containsPattern(author)
  const { rows } = await sql<{ id: string }>`
    select a.id from author a where ${isNamed(author)} order by a.id limit ${sql.lit(fewAuthors + 1)}`.execute(
    db,
  )
  if (rows.length <= fewAuthors) return [byAuthors(rows.map(({ id }) => id))]
  // Each `offset 0` keeps it a check of one book, and of one author of it, however common the planner takes them to be.
  return [
    sql`b.search ilike ${pattern}`,
    sql`exists (select from book_contributor c where c.book_id = b.id
      and exists (select from author a where a.id = c.author_id and ${isNamed(author)} offset 0) offset 0)`,
  ]
}

function byAuthors(ids: readonly string[]): Condition {
  return sql`b.id in (select book_id from book_contributor where author_id = any(${[...ids]}::uuid[]))`
}

/** A book whose day is not known counts as the earliest. */
const day = sql`coalesce(b.published_on, '0001-01-01')`

/** An order of books: what it compares, the id last, in SQL and of a document. */
export type BookOrder = {
  readonly keys: RawBuilder<unknown>[]
  readonly types: readonly string[]
  readonly direction: 'asc' | 'desc'
  readonly keysetOf: (document: string) => BookKeyset
}

/** Gives the order of a list. */
export function orderOf(sort: BookSort): BookOrder {
  const direction = sort.startsWith('-') ? 'desc' : 'asc'
  const by = (key: RawBuilder<unknown>, valueOf: (book: Book) => string, type = 'text'): BookOrder => ({
    keys: [key, sql`b.id`],
    types: [type, 'uuid'],
    direction,
    keysetOf(document) {
      const book = JSON.parse(document) as Book
      return [valueOf(book), uuidOf(book.id)]
    },
  })
  switch (sort) {
    case 'createdAt':
    case '-createdAt':
      return by(sql`b.status`, (book) => book.status)
    case 'title':
    case '-title':
      return by(sql`left(b.title, 500)`, (book) => Array.from(book.title).slice(0, 500).join(''))
    case 'publishedOn':
    case '-publishedOn':
      return by(day, (book) => book.publishedOn ?? '0001-01-01', 'date')
  }
}
