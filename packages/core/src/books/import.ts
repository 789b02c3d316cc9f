import { idOf, uuidOf, type BookId, type UserId, newUuid } from '@casebook/api'
import type { ImportBookRow, ImportBooksInput, ImportBooksResult } from '@casebook/api/books'
import type { Database, ImportedAuthor, ImportedBook, CatalogueStores } from '@casebook/db'
import { DryRun, resultOfDryRun, retryWhenTaken, withoutRepeats, type RowResult } from '../imports.ts'
import { sortNameOf } from './names.ts'

/**
 * Creates the books whose external identifiers are new to their source. A row whose ISBN is another book's is
 * rejected, and the others go on.
 */
export async function importBooks(
  database: Database,
  input: ImportBooksInput,
  ownerId: UserId,
): Promise<ImportBooksResult> {
  const work = async (tx: CatalogueStores): Promise<ImportBooksResult> => {
    const result = { results: await importRows(tx, input, ownerId) }
    if (input.dryRun) throw new DryRun(result)
    return result
  }
  return retryWhenTaken(() => database.changeCatalogue(work)).catch(
    (error: unknown) => resultOfDryRun(error) as ImportBooksResult,
  )
}

async function importRows(
  tx: CatalogueStores,
  input: ImportBooksInput,
  ownerId: UserId,
): Promise<RowResult<BookId>[]> {
  const { source, status, dryRun } = input
  const { first, repeated } = withoutRepeats(input.rows)
  const known = await tx.bookImport.findBooks(
    source,
    first.map((row) => row.externalId),
  )
  const fresh = first.filter((row) => !known.has(row.externalId))
  const taken = await takenIsbns(tx, fresh)
  const wanted = fresh.filter((row) => !taken.has(row))
  const authorOf = await resolveAuthors(tx, source, wanted)
  const books = new Map(wanted.map((row) => [row, toBook(row, authorOf)]))
  await tx.bookImport.insertBooks({ source, status, ownerId: uuidOf(ownerId), books: [...books.values()] })

  return input.rows.map((row): RowResult<BookId> => {
    const { externalId } = row
    if (repeated.has(row)) return rejected(externalId, 'externalId', 'stands twice in this import')
    const knownId = known.get(externalId)
    if (knownId !== undefined) return { externalId, outcome: 'exists', id: idOf('book', knownId) }
    const book = books.get(row)
    if (book === undefined) return rejected(externalId, 'isbn13', 'is the ISBN of another book')
    return { externalId, outcome: 'created', ...(dryRun ? {} : { id: idOf('book', book.id) }) }
  })
}

function rejected(externalId: string, path: string, message: string): RowResult<BookId> {
  return { externalId, outcome: 'rejected', errors: [{ path, message }] }
}

/** Gives the rows whose ISBN another book has, or an earlier row. */
async function takenIsbns(tx: CatalogueStores, rows: readonly ImportBookRow[]): Promise<Set<ImportBookRow>> {
  const isbns = rows.flatMap((row) => row.isbn13 ?? [])
  const seen = await tx.bookImport.takenIsbns(isbns)
  const taken = new Set<ImportBookRow>()
  for (const row of rows) {
    if (row.isbn13 === undefined) continue
    if (seen.has(row.isbn13)) taken.add(row)
    else seen.add(row.isbn13)
  }
  return taken
}

type Contributor = ImportBookRow['contributors'][number]
type AuthorOf = (contributor: Contributor) => string

/** Finds the authors of some rows, by what the source calls them, else by their names, and creates the others. */
async function resolveAuthors(
  tx: CatalogueStores,
  source: string,
  rows: readonly ImportBookRow[],
): Promise<AuthorOf> {
  const contributors = rows.flatMap((row) => row.contributors)
  const byExternalId = await tx.bookImport.findAuthors(
    source,
    contributors.flatMap((one) => one.externalId ?? []),
  )
  const names = contributors.filter(
    (one) => one.externalId === undefined || !byExternalId.has(one.externalId),
  )
  const byName = await tx.bookImport.findAuthorsByName(names.map((one) => one.name.normalize('NFC')))
  const created: ImportedAuthor[] = []
  const named: ImportedAuthor[] = []
  for (const one of contributors) {
    const name = one.name.normalize('NFC')
    const externalId = one.externalId ?? null
    if (externalId !== null && byExternalId.has(externalId)) continue
    const author = {
      id: newUuid(),
      name,
      sortName: one.sortName ?? sortNameOf(name),
      externalId,
    }
    const sameName = byName.get(name)
    if (sameName === undefined) created.push(author)
    else named.push({ ...author, id: sameName })
    if (sameName === undefined) byName.set(name, author.id)
    if (externalId !== null) byExternalId.set(externalId, sameName ?? author.id)
  }
  await tx.bookImport.insertAuthors(source, created)
  await tx.bookImport.nameAuthors(source, named)
  return (one) => {
    const id =
      (one.externalId === undefined ? undefined : byExternalId.get(one.externalId)) ??
      byName.get(one.name.normalize('NFC'))
    if (id === undefined) throw new Error('a contributor was not resolved')
    return id
  }
}

function toBook(row: ImportBookRow, authorOf: AuthorOf): ImportedBook {
  const contributors = new Map(
    row.contributors.map((one) => {
      const authorId = authorOf(one)
      return [`${authorId} ${one.role}`, { authorId, role: one.role }]
    }),
  )
  return {
    id: newUuid(),
    externalId: row.externalId,
    title: row.title,
    subtitle: row.subtitle ?? null,
    isbn13: row.isbn13 ?? null,
    language: row.language ?? null,
    publishedOn: row.publishedOn ?? null,
    description: row.description ?? null,
    subjects: row.subjects,
    contributors: [...contributors.values()],
  }
}
