import {
  DomainError,
  JsonText,
  newId,
  StoredList,
  uuidOf,
  type Caller,
  type StoredPage,
  type UserId,
} from '@casebook/api'
import type {
  Book,
  BookListInput,
  BookService,
  BookVersionInput,
  ContributorInput,
} from '@casebook/api/books'
import {
  violatedConstraint,
  type BookKeyset,
  type CatalogueStores,
  type LockedBook,
  type Stores,
} from '@casebook/db'
import type { Deps } from '../deps.ts'
import { assertFresh } from '../fresh.ts'
import { once } from '../once.ts'
import { readStoredPage } from '../pages.ts'
import { importBooks } from './import.ts'
import { assertMayChange, bookScope } from './policy.ts'

/** The catalogue, as one caller may see and change it. */
export function createBookService(
  { database, cursors, catalogue, readDocument }: Deps,
  caller: Caller,
): BookService {
  const scope = bookScope(caller)

  const lockToChange = async (
    tx: CatalogueStores,
    { id, version }: BookVersionInput,
  ): Promise<LockedBook> => {
    const locked = await tx.bookWriter.lock(id, scope)
    if (locked === null) throw new DomainError('not-found')
    const isOwn = caller.user !== null && locked.ownerId === uuidOf(caller.user.id)
    assertMayChange(scope, { status: locked.book.status, isOwn })
    assertFresh(caller, locked.book, version)
    return locked
  }

  const setStatus = (input: BookVersionInput, status: 'published' | 'withdrawn') =>
    database.changeCatalogue(async (tx) => {
      const locked = await lockToChange(tx, input)
      return locked.book.status === status ? locked.book : tx.bookWriter.update(locked, { status })
    })

  const readList = (stores: Stores, { limit, cursor, ...filter }: BookListInput): Promise<StoredPage<Book>> =>
    readStoredPage<Book, BookKeyset>(
      cursors,
      { limit, cursor },
      {
        key: { list: 'books.list', filters: { ...filter, scope } },
        fetch: (after, count) => stores.books(scope).list({ filter, limit: count, after }),
      },
    )

  return {
    list: (input) =>
      catalogue.remember(JSON.stringify(['books.list', scope, input]), async (stores) => {
        const value = await readList(stores, input)
        return { value, bytes: bytesOf(value.items) }
      }),

    stream: (filter) =>
      new StoredList<Book>(async function* (separator) {
        const stores = await catalogue.stores()
        yield* stores.books(scope).runs(filter, separator)
      }),

    get: ({ id }) =>
      catalogue.remember(JSON.stringify(['books.get', scope, id]), async (stores) => {
        const text = await readDocument(stores, scope, id)
        if (text === undefined) throw new DomainError('not-found')
        const value = new JsonText<Book>(text)
        return { value, bytes: bytesOf(value) }
      }),

    create: (input) =>
      namingTaken(() =>
        database.changeCatalogue((tx) =>
          once(tx, { caller, operation: 'books.create' }, async () => {
            await assertAuthorsExist(tx, input.contributors)
            return tx.bookWriter.insert({ ...input, id: newId('book'), ownerId: ownerOf(caller) })
          }),
        ),
      ),

    update: ({ id, version, ...change }) =>
      namingTaken(() =>
        database.changeCatalogue(async (tx) => {
          const locked = await lockToChange(tx, { id, version })
          await assertAuthorsExist(tx, change.contributors ?? [])
          return changes(locked.book, change) ? tx.bookWriter.update(locked, change) : locked.book
        }),
      ),

    delete: (input) =>
      database.changeCatalogue(async (tx) => {
        const { book } = await lockToChange(tx, input)
        if (book.status !== 'draft') throw new DomainError('book-not-draft')
        await tx.bookWriter.delete(book.id)
        return null
      }),

    publish: (input) => setStatus(input, 'published'),
    withdraw: (input) => setStatus(input, 'withdrawn'),
    import: (input) => importBooks(database, input, ownerOf(caller)),
  }
}

/** What a text takes in memory: itself, and the body that transports keep with it. */
function bytesOf({ parts }: JsonText<unknown>): number {
  return parts.reduce((sum, part) => sum + 2 * part.length, 0)
}

function ownerOf({ user }: Caller): UserId {
  if (user === null) throw new DomainError('not-authenticated')
  return user.id
}

/** Checks that contributors are authors that exist. Throws `invalid-input`, naming each that does not. */
async function assertAuthorsExist(
  tx: CatalogueStores,
  contributors: readonly ContributorInput[],
): Promise<void> {
  const existing = await tx.bookWriter.existingAuthors(contributors.map(({ authorId }) => authorId))
  const errors = contributors.flatMap(({ authorId }, index) =>
    existing.has(authorId) ? [] : [{ path: `contributors.${index}.authorId`, message: 'is not an author' }],
  )
  if (errors.length > 0)
    throw new DomainError('invalid-input', { errors, detail: 'There is no such author.' })
}

/** Tells whether a change makes any difference; one that makes none leaves the version as it is. */
function changes(
  book: Book,
  { contributors, ...fields }: { contributors?: readonly ContributorInput[] | undefined },
): boolean {
  const present: Record<string, unknown> = book
  const isChanged = Object.entries(fields).some(
    ([field, value]) =>
      value !== undefined && JSON.stringify(value) !== JSON.stringify(present[field] ?? null),
  )
  if (isChanged || contributors === undefined) return isChanged
  const before = book.contributors.map(({ author, role }) => [author.id, role])
  return JSON.stringify(before) !== JSON.stringify(contributors.map(({ authorId, role }) => [authorId, role]))
}

async function namingTaken<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (violatedConstraint(error) !== 'book_isbn13_key') throw error
    throw new DomainError('isbn-taken', { cause: error, errors: [{ path: 'isbn13', message: 'is taken' }] })
  }
}
