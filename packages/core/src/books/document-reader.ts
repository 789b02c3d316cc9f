import type { BookId } from '@casebook/api'
import type { BookScope, Stores } from '@casebook/db'
import { batched } from '../batching.ts'

/** Gives the document of a book within a scope, undefined when it does not show one. */
export type DocumentReader = (stores: Stores, scope: BookScope, id: BookId) => Promise<string | undefined>

type ReadOne = (id: BookId) => Promise<string | undefined>

/** Makes a reader that asks for all books together that are asked for at once, by callers who see the same. */
export function createDocumentReader(): DocumentReader {
  const together = new WeakMap<Stores, Record<'published' | 'all', ReadOne>>()

  const readersOf = (stores: Stores) => {
    const known = together.get(stores)
    if (known !== undefined) return known
    const reader = (kind: 'published' | 'all') =>
      batched((ids: readonly BookId[]) => stores.books({ kind }).get(ids), { inFlight: 2, most: 100 })
    const made = { published: reader('published'), all: reader('all') }
    together.set(stores, made)
    return made
  }

  return async (stores, scope, id) => {
    // Who sees drafts of their own sees what nobody else does.
    if (scope.kind === 'own') return (await stores.books(scope).get([id])).get(id)
    return readersOf(stores)[scope.kind](id)
  }
}
