import { isId, uuidOf } from '@casebook/api'
import type { Book, BookSort, BookStreamInput } from '@casebook/api/books'
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import { containsPattern, wordsOf } from '../keyset.ts'
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

/**
 * The conditions of a list within a scope on the book `b`, each in the form that an index of 0007 is for. `isLater`
 * is a page that begins after the last book of another one, which is a condition besides.
 */
export function listConditions(scope: BookScope, filter: BookStreamInput, isLater: boolean): Condition[] {
  const conditions = [statusCondition(scope, filter, isLater)]
  if (filter.isbn !== undefined) conditions.push(sql`b.isbn13 = ${filter.isbn}`)
  if (filter.language !== undefined) conditions.push(languageCondition(filter.language))
  if (filter.year !== undefined) conditions.push(yearCondition(filter.year))
  if (filter.subject !== undefined) {
    const pattern = containsPattern(filter.subject)
    conditions.push(sql`b.search ilike ${pattern}`)
    conditions.push(sql`exists (select from unnest(b.subjects) s where s ilike ${pattern})`)
  }
  if (filter.author !== undefined) conditions.push(...authorConditions(filter.author))
  for (const word of wordsOf(filter.q)) conditions.push(sql`b.search ilike ${containsPattern(word)}`)
  return conditions
}

/** The scope for one status; said in two conditions, the one of the scope would keep indexes from being used. */
function statusCondition(scope: BookScope, { status, sort }: BookStreamInput, isLater: boolean): Condition {
  if (scope.kind === 'own' && status !== 'published')
    return sql`(b.status = ${status} and b.owner_id = ${uuidOf(scope.userId)})`
  if (scope.kind === 'published' && status !== 'published') return sql`false`
  // It stands in the text: there are three, and a plan for all of them would have to do for the rarest.
  const text = sql.lit(status)
  if (!sort.endsWith('createdAt')) return sql`b.status = ${text}`
  // In the order of creation, which is the one of ids, a status is a range to the planner: told that it is equal, it
  // walks the primary key, and all of a million drafts that were imported last, to find the first published book.
  // A later page has the other end of the range in the row that it begins after; told twice, PostgreSQL enters the
  // index at the wrong one of them, and walks all the pages before.
  if (!isLater) return sql`b.status between ${text} and ${text}`
  return sort === 'createdAt' ? sql`b.status <= ${text}` : sql`b.status >= ${text}`
}

/** A tag, or one that begins with it: `pt` finds `pt-BR`. A tag has nothing that `like` takes for a pattern. */
function languageCondition(tag: string): Condition {
  return sql`(b.language collate "C" = ${tag} or b.language collate "C" like ${`${tag}-%`})`
}

function yearCondition(year: number): Condition {
  const text = String(year).padStart(4, '0')
  return sql`(${day} between ${`${text}-01-01`}::date and ${`${text}-12-31`}::date and b.published_on is not null)`
}

/** `author` is an id, or a part of a name. */
function authorConditions(author: string): Condition[] {
  if (isId('author', author)) {
    return [sql`b.id in (select book_id from book_contributor where author_id = ${uuidOf(author)})`]
  }
  const pattern = containsPattern(author)
  // `offset 0` keeps it a check of each book that the index has found, and not the begin of another way to find them.
  return [
    sql`b.search ilike ${pattern}`,
    sql`exists (select from book_contributor c join author a on a.id = c.author_id
      where c.book_id = b.id and (a.name ilike ${pattern} or a.sort_name ilike ${pattern}) offset 0)`,
  ]
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
