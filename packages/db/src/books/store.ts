import { idOf, uuidOf, type BookId, type UserId } from '@casebook/api'
import type { BookStreamInput } from '@casebook/api/books'
import { sql } from 'kysely'
import { isAfter, isAfterUnseen } from '../keyset.ts'
import { executeRead, hasOnly, isUsualPage } from '../named.ts'
import { readRun, readRuns, type Listing, type Run } from '../run.ts'
import type { Executor } from '../schema.ts'
import { all, siftList } from '../sift.ts'
import { listConditions, orderOf, scopeCondition } from './conditions.ts'

/** What of the catalogue a caller may see: published books, these and the own ones, or all. */
export type BookScope =
  | { readonly kind: 'published' }
  | { readonly kind: 'own'; readonly userId: UserId }
  | { readonly kind: 'all' }

/** Sort key of a book: what the order compares, and its id. */
export type BookKeyset = readonly [string, string]
export type BookListing = {
  readonly limit: number
  readonly filter: BookStreamInput
  readonly after?: BookKeyset | undefined
}

/** Books within a scope, as their documents; there is no query without a scope. */
export function createBookStore(db: Executor, scope: BookScope) {
  const listingOf = async (
    { filter, after, limit }: BookListing,
    isPage: boolean,
  ): Promise<Listing<BookKeyset>> => {
    const { keys, types, direction, keysetOf } = orderOf(filter.sort)
    const isHot = isPage && isUsualPage(limit) && hasOnly(filter, hotFilters)
    const { bounds, sieve } = await listConditions(db, scope, { ...filter, isLater: after !== undefined })
    if (after !== undefined)
      bounds.push(isHot ? isAfterUnseen(keys, after, { direction, types }) : isAfter(keys, after, direction))
    const sifted = { table: sql`book b`, alias: sql`b`, bounds, sieve, keys, direction }
    const source =
      sieve.length > 1
        ? await siftList(db, sifted, limit)
        : { from: sql`book b`, where: all([...bounds, ...sieve]) }
    return { ...source, keys, direction, keysetOf, isHot }
  }

  return {
    /** Reads a page. */
    async list(listing: BookListing): Promise<Run<BookKeyset>> {
      return readRun(db, await listingOf(listing, true), listing.limit)
    },

    /** Reads a whole list in runs of text. */
    runs: (filter: BookStreamInput, separator: ',' | '\n') =>
      readRuns<BookKeyset>(db, (after, limit) => listingOf({ filter, after, limit }, false), separator),

    /** Gives the documents of those of some books that there are. */
    async get(ids: readonly BookId[]): Promise<Map<BookId, string>> {
      const query = sql<{ id: string; document: string }>`
        select id, document from book b where b.id = any(${ids.map(uuidOf)}::uuid[]) and ${scopeCondition(scope)}`
      const rows = await executeRead(db, query)
      return new Map(rows.map(({ id, document }) => [idOf('book', id), document]))
    },
  }
}

/** Without any other filter there is one plan for all values. */
const hotFilters = new Set(['status', 'sort'])
