import type { Request } from '../measure/wrk.ts'
import type { PageKey } from '../setup/walk.ts'

/** Names under which they stand in the tables. */
export const ours = 'Casebook'
export const handWritten = 'hand-written route'

/** Items of a page. */
export const limit = 100

type BookKey = PageKey<{ id: string }>
type RecordKey = PageKey<{ id: string; date: string }>

/** Asks us for a page of books or records over REST. */
export function ourPage(path: '/api/books' | '/records', { cursor }: BookKey | RecordKey): Request {
  return { path: `${path}?limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}` }
}

/** Asks a peer, or the hand-written route, for the same page of books. */
export function theirPage({ after }: BookKey): Request {
  return { path: `/books?limit=${limit}${after === null ? '' : `&after=${after.id}`}` }
}

/** Asks a hand-written route for the same page of records. */
export function theirRecordPage(path: '/records' | '/audited/records', { after }: RecordKey): Request {
  return { path: `${path}?limit=${limit}${after === null ? '' : `&after=${after.date},${after.id}`}` }
}

/** Asks for a page of books over tRPC: us by our cursor, the others by the last id. */
export function trpcPage(cursor: string | null): Request {
  const input = JSON.stringify({ limit, ...(cursor === null ? {} : { cursor }) })
  return { path: `/trpc/books.list?input=${encodeURIComponent(input)}` }
}

/** Asks for several books in one request, as tRPC's `httpBatchLink` does. */
export function trpcBatch(ids: readonly string[]): Request {
  const input = JSON.stringify(Object.fromEntries(ids.map((id, place) => [place, { id }])))
  const procedures = ids.map(() => 'books.get').join(',')
  return { path: `/trpc/${procedures}?batch=1&input=${encodeURIComponent(input)}` }
}
