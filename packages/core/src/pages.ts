import { JsonText, type Page, type StoredPage } from '@casebook/api'
import type { Run } from '@casebook/db'
import type { CursorCodec, Keyset, ListKey } from './cursors.ts'

export type PageRequest = { readonly limit: number; readonly cursor?: string | undefined }

/** How a page is read: `fetch` gives up to `limit` rows after a keyset, `keysetOf` the sort key of a row. */
export type PageSource<T, K extends Keyset> = {
  readonly key: ListKey
  readonly fetch: (after: K | undefined, limit: number) => Promise<T[]>
  readonly keysetOf: (row: T) => K
}

/** Reads a page, and one row more to know whether there is a next one. */
export async function readPage<T, K extends Keyset>(
  cursors: CursorCodec,
  { limit, cursor }: PageRequest,
  { key, fetch, keysetOf }: PageSource<T, K>,
): Promise<Page<T>> {
  const after = cursors.decode(key, cursor) as K | undefined
  const rows = await fetch(after, limit + 1)
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  const nextCursor = rows.length > limit && last !== undefined ? cursors.encode(key, keysetOf(last)) : null
  return { items, nextCursor }
}

/** How a page is read that is stored as text. */
export type RunSource<K extends readonly string[]> = {
  readonly key: ListKey
  readonly fetch: (after: K | undefined, limit: number) => Promise<Run<K>>
}

/** Reads a page whose items come as one text. */
export async function readStoredPage<T, K extends readonly string[]>(
  cursors: CursorCodec,
  { limit, cursor }: PageRequest,
  { key, fetch }: RunSource<K>,
): Promise<StoredPage<T>> {
  const after = cursors.decode(key, cursor) as K | undefined
  const run = await fetch(after, limit)
  const nextCursor = run.hasMore && run.last !== null ? cursors.encode(key, run.last) : null
  return { items: JsonText.ofItems<T>(run.documents), nextCursor }
}
