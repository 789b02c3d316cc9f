import { uuidOf, type UserId, newUuid } from '@casebook/api'
import type { ImportedAuthor, ImportedBook } from '../books/import-store.ts'
import type { CatalogueStores } from '../stores.ts'
import { liftStatementTimeout } from '../timeouts.ts'
import { isbnOf } from './isbns.ts'
import { createPackedIds, type PackedIds } from './packed-ids.ts'
import { makeUpName } from './people.ts'
import { createRandom, type Random } from './random.ts'
import { writeText } from './titles.ts'

export type BooksToGenerate = {
  readonly books: number
  /** The same seed gives the same catalogue, but for its ids. */
  readonly seed?: number
  /** Under which the books are known here; it must not have been used before. */
  readonly source?: string
  /** Whose books they are; nobody's by default. */
  readonly ownerId?: UserId
  /** Told how many books there are so far. */
  readonly onProgress?: (done: number) => void
}

type Catalogue = { changeCatalogue<T>(work: (tx: CatalogueStores) => Promise<T>): Promise<T> }

const batch = 10_000
const booksPerAuthor = 3
/** How many of a hundred books have one, two … five authors. */
const teamShares = [25, 48, 16, 7, 4]

/** Generates published books by made-up authors, about three books to an author, in batches. */
export async function generateBooks(database: Catalogue, options: BooksToGenerate): Promise<void> {
  const { books, seed = 1, source = `generated-${seed}`, ownerId, onProgress } = options
  const random = createRandom(seed)
  const authors = await generateAuthors(database, {
    random,
    source,
    count: Math.ceil(books / booksPerAuthor),
  })
  // Catalogues of other seeds begin elsewhere; where two meet all the same, the later one goes without.
  const firstIsbn = random.below(100_000_000)
  for (let done = 0; done < books; done += batch) {
    const some = Array.from({ length: Math.min(batch, books - done) }, (_, index) =>
      bookOf(random, done + index, { authors, firstIsbn }),
    )
    await database.changeCatalogue(async (tx) => {
      await liftStatementTimeout(tx.tx)
      const taken = await tx.bookImport.takenIsbns(some.flatMap(({ isbn13 }) => isbn13 ?? []))
      await tx.bookImport.insertBooks({
        source,
        status: 'published',
        ownerId: ownerId === undefined ? null : uuidOf(ownerId),
        books: some.map((book) => (taken.has(book.isbn13 ?? '') ? { ...book, isbn13: null } : book)),
      })
    })
    onProgress?.(done + some.length)
  }
}

async function generateAuthors(
  database: Catalogue,
  { random, source, count }: { random: Random; source: string; count: number },
): Promise<PackedIds> {
  const ids = createPackedIds(count)
  for (let done = 0; done < count; done += batch) {
    const some = Array.from({ length: Math.min(batch, count - done) }, (_, index): ImportedAuthor => ({
      id: newUuid(),
      externalId: `author-${done + index}`,
      ...makeUpName(random),
    }))
    await database.changeCatalogue(async (tx) => {
      await liftStatementTimeout(tx.tx)
      await tx.bookImport.insertAuthors(source, some)
    })
    for (const { id } of some) ids.add(id)
  }
  return ids
}

function bookOf(
  random: Random,
  number: number,
  { authors, firstIsbn }: { authors: PackedIds; firstIsbn: number },
): ImportedBook {
  const publishedOn = random.day(...random.pickSkewed(decades))
  const text = writeText(random)
  return {
    id: newUuid(),
    externalId: `book-${number}`,
    ...text,
    isbn13: random.percent(40) ? isbnOf(firstIsbn + number) : null,
    publishedOn: random.percent(97) ? publishedOn : null,
    contributors: teamOf(random, authors),
  }
}

/** Decades of publication, most common first. */
const decades = Array.from({ length: 9 }, (_, back) => [2016 - 10 * back, 2025 - 10 * back] as const)

function teamOf(random: Random, authors: PackedIds): ImportedBook['contributors'] {
  let rest = random.below(100)
  const size = teamShares.findIndex((share) => (rest -= share) < 0) + 1
  const picked = Array.from({ length: size }, () => authorOf(random, authors.length))
  const isEdited = size > 1 && random.percent(15)
  return [...new Set(picked)].map((index) => ({
    authorId: authors.at(index),
    role: isEdited ? ('editor' as const) : ('author' as const),
  }))
}

/** A few write much, most write little: the first ones are picked more often, as in Lotka's law. */
function authorOf(random: Random, count: number): number {
  const precise = 2 ** 31
  return Math.floor(count * (random.below(precise) / precise) ** 1.3)
}
