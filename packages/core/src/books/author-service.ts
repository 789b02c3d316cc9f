import { DomainError, newId, type Caller } from '@casebook/api'
import type { AuthorIdInput, AuthorService } from '@casebook/api/books'
import { authorKeyset, violatedConstraint, type AuthorKeyset, type CatalogueStores } from '@casebook/db'
import type { Deps } from '../deps.ts'
import { assertFresh } from '../fresh.ts'
import { once } from '../once.ts'
import { readPage } from '../pages.ts'
import { sortNameOf } from './names.ts'

/** About what an author takes in memory; a long biography takes more. */
const authorBytes = 1000

/** Authors of books: everybody sees them, editors change them. */
export function createAuthorService({ database, cursors, catalogue }: Deps, caller: Caller): AuthorService {
  const lock = async (tx: CatalogueStores, { id }: AuthorIdInput) => {
    const author = await tx.authorWriter.lock(id)
    if (author === null) throw new DomainError('not-found')
    assertFresh(caller, author)
    return author
  }

  return {
    list: ({ limit, cursor, q }) =>
      catalogue.remember(JSON.stringify(['books.authors.list', limit, cursor, q]), async ({ authors }) => {
        const value = await readPage(
          cursors,
          { limit, cursor },
          {
            key: { list: 'books.authors.list', filters: { q } },
            fetch: (after: AuthorKeyset | undefined, count) => authors.list({ q, limit: count, after }),
            keysetOf: authorKeyset,
          },
        )
        return { value, bytes: value.items.length * authorBytes }
      }),

    get: ({ id }) =>
      catalogue.remember(JSON.stringify(['books.authors.get', id]), async ({ authors }) => {
        const value = await authors.get(id)
        if (value === null) throw new DomainError('not-found')
        return { value, bytes: authorBytes }
      }),

    create: (input) =>
      namingTaken(() =>
        database.changeCatalogue((tx) =>
          once(tx, { caller, operation: 'books.authors.create' }, () =>
            tx.authorWriter.insert({
              ...input,
              id: newId('author'),
              sortName: input.sortName ?? sortNameOf(input.name),
            }),
          ),
        ),
      ),

    update: ({ id, ...change }) =>
      namingTaken(() =>
        database.changeCatalogue(async (tx) => {
          await lock(tx, { id })
          return tx.authorWriter.update(id, change)
        }),
      ),

    delete: (input) =>
      database.changeCatalogue(async (tx) => {
        const { id } = await lock(tx, input)
        if (await tx.authorWriter.hasBooks(id)) throw new DomainError('author-has-books')
        await tx.authorWriter.delete(id)
        return null
      }),
  }
}

async function namingTaken<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (violatedConstraint(error) !== 'author_orcid_key') throw error
    throw new DomainError('orcid-taken', { cause: error, errors: [{ path: 'orcid', message: 'is taken' }] })
  }
}
