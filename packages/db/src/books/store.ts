import { idOf, uuidOf, type BookId, type UserId } from '@casebook/api'
import type { BookStreamInput } from '@casebook/api/books'
import { sql, type Expression, type SqlBool } from 'kysely'
import { isAfter, isAfterUnseen } from '../keyset.ts'
import { executeNamed, hasOnly, isUsualPage } from '../named.ts'
import { readRun, readRuns, type Run, type RunRequest } from '../run.ts'
import type { Executor } from '../schema.ts'
import { listConditions, orderOf, scopeCondition } from './conditions.ts'

/** What of the catalogue a caller may see: published books, these and the own ones, or all. */
export type BookScope =
  | { readonly kind: 'published' }
  | { readonly kind: 'own'; readonly userId: UserId }
  | { readonly kind: 'all' }

/** Sort key of a book: what the order compares, and its id. */
export type BookKeyset = readonly [string, string]
export type BookListing = RunRequest & {
  readonly filter: BookStreamInput
  readonly after?: BookKeyset | undefined
}

/** Books within a scope, as their documents; there is no query without a scope. */
export function createBookStore(db: Executor, scope: BookScope) {
  const list = async (
    { filter, after, ...request }: BookListing,
    isPage: boolean,
  ): Promise<Run<BookKeyset>> => {
    const { keys, types, direction, keysetOf } = orderOf(filter.sort)
    const isHot = isPage && isUsualPage(request.limit) && hasOnly(filter, hotFilters)
    const conditions: Expression<SqlBool>[] = listConditions(scope, filter, after !== undefined)
    if (after !== undefined)
      conditions.push(
        isHot ? isAfterUnseen(keys, after, { direction, types }) : isAfter(keys, after, direction),
      )
    const where = sql.join(conditions, sql` and `)
    return readRun(db, { from: sql`book b`, where, keys, direction, keysetOf, isHot }, request)
  }

  return {
    list: (listing: BookListing) => list(listing, true),

    /** Reads a whole list in runs of text. */
    runs: (filter: BookStreamInput, separator: ',' | '\n') =>
      readRuns<BookKeyset>((after, request) => list({ filter, after, ...request }, false), separator),

    /** Gives the documents of those of some books that there are. */
    async get(ids: readonly BookId[]): Promise<Map<BookId, string>> {
      const query = sql<{ id: string; document: string }>`
        select id, document from book b where b.id = any(${ids.map(uuidOf)}::uuid[]) and ${scopeCondition(scope)}`
      const rows = await executeNamed(db, query)
      return new Map(rows.map(({ id, document }) => [idOf('book', id), document]))
    },
  }
}

/** Without any other filter there is one plan for all values. */
const hotFilters = new Set(['status', 'sort'])
