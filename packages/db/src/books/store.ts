import { uuidOf, type BookId, type UserId } from '@casebook/api'
import type { BookSort, BookStreamInput } from '@casebook/api/books'
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import { isAfter } from '../keyset.ts'
import { executeNamed } from '../named.ts'
import { readRun, readRuns, type Run, type RunRequest } from '../run.ts'
import type { Executor } from '../schema.ts'
import { filterConditions } from './conditions.ts'

/** What of the catalogue a caller may see: published books, these and the own ones, or all. */
export type BookScope =
  | { readonly kind: 'published' }
  | { readonly kind: 'own'; readonly userId: UserId }
  | { readonly kind: 'all' }

/** Sort key of a book: what the order compares, and its id. */
export type BookKeyset = readonly [string, string] | readonly [string]
export type BookListing = RunRequest & {
  readonly filter: BookStreamInput
  readonly after?: BookKeyset | undefined
}

/** Books within a scope, as their documents; there is no query without a scope. */
export function createBookStore(db: Executor, scope: BookScope) {
  const list = async ({ filter, after, ...request }: BookListing): Promise<Run<BookKeyset>> => {
    const { keys, direction } = orderOf(filter.sort)
    const conditions = [scopeCondition(scope), ...filterConditions(filter)]
    if (after !== undefined) conditions.push(isAfter(keys, after, direction))
    const where = sql.join(conditions, sql` and `)
    const isHot = Object.entries(filter).every(([name, value]) => hotFilters.has(name) || value === undefined)
    return readRun(db, { from: sql`book b`, where, keys, direction }, { ...request, isHot })
  }

  return {
    list,

    /** Reads a whole list in runs of text. */
    runs: (filter: BookStreamInput, separator: ',' | '\n') =>
      readRuns<BookKeyset>((after, request) => list({ filter, after, ...request }), separator),

    /** Gives the document of a book. */
    async get(id: BookId): Promise<string | null> {
      const query = sql<{ document: string }>`
        select document from book b where b.id = ${uuidOf(id)} and ${scopeCondition(scope)}`
      const rows = await executeNamed(db, query)
      return rows[0]?.document ?? null
    },
  }
}

/** Without any other filter there is one plan for all values. */
const hotFilters = new Set(['status', 'sort'])

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

/** What an order compares, the id last, and its direction. */
function orderOf(sort: BookSort): { keys: RawBuilder<unknown>[]; direction: 'asc' | 'desc' } {
  const direction = sort.startsWith('-') ? 'desc' : 'asc'
  switch (sort) {
    case 'createdAt':
    case '-createdAt':
      return { keys: [sql`b.id`], direction }
    case 'title':
    case '-title':
      return { keys: [sql`b.title`, sql`b.id`], direction }
    case 'publishedOn':
    case '-publishedOn':
      // A book whose day is not known counts as the earliest.
      return { keys: [sql`coalesce(b.published_on, '0001-01-01')`, sql`b.id`], direction }
  }
}
