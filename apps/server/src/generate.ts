import type { UserId } from '@casebook/api'
import { EngineError, generateBooks, generateRecords, refreshStatistics, type Database } from '@casebook/db'
import { assertUpToDate } from './database.ts'
import { count, createProgress } from './progress.ts'

export type GenerateRequest = {
  readonly books: number
  readonly patients: number
  readonly records: number
  /** Null: the first one that this database has not seen. */
  readonly seed: number | null
}

/**
 * Fills a database with generated books and records, and gives a sentence that says what it made. Throws
 * EngineError when the schema is behind, or the seed has been here.
 */
export async function generate(
  database: Database,
  { books, patients, records, seed: wanted }: GenerateRequest,
  output: NodeJS.WriteStream,
): Promise<string> {
  await assertUpToDate(database)
  const seed = wanted ?? (await findUnusedSeed(database))
  if (await isUsed(database, seed)) {
    throw new EngineError(
      `Seed ${seed} has been generated here before: name another one with --seed, or none, for the next one.`,
    )
  }
  const source = sourceOf(seed)
  const progress = createProgress(output)
  const ownerId = await findOwner(database)
  await generateBooks(database, {
    books,
    seed,
    source,
    ...(ownerId === undefined ? {} : { ownerId }),
    onProgress: (done) => progress.say(share('books', done, books)),
  })
  await generateRecords(database, {
    patients,
    records,
    seed,
    source,
    onProgress: (done) => progress.say(share('records', done, records)),
  })
  progress.end()
  await refreshStatistics(database.kysely)
  return `Generated ${count(books)} books, ${count(patients)} patients and ${count(records)} records (seed ${seed}).`
}

/** Whose books they are: an admin's, else an editor's, else nobody's. */
async function findOwner({ stores }: Database): Promise<UserId | undefined> {
  const [admin] = await stores.users.list({ role: 'admin', disabled: false, limit: 1 })
  const [editor] = await stores.users.list({ role: 'editor', disabled: false, limit: 1 })
  return (admin ?? editor)?.id
}

async function findUnusedSeed(database: Database): Promise<number> {
  let seed = 1
  while (await isUsed(database, seed)) seed += 1
  return seed
}

function isUsed(database: Database, seed: number): Promise<boolean> {
  const source = sourceOf(seed)
  return database.changeCatalogue(async (tx) => {
    const books = await tx.bookImport.findBooks(source, ['book-0'])
    const authors = await tx.bookImport.findAuthors(source, ['author-0'])
    const patients = await tx.recordImport.findPatients(source, ['patient-0'])
    return books.size + authors.size + patients.size > 0
  })
}

/** What the generated objects of a seed are known under, as if a system of that name had been imported. */
function sourceOf(seed: number): string {
  return `generated-${seed}`
}

function share(what: string, done: number, all: number): string {
  return `${what}: ${count(done)} of ${count(all)} (${Math.floor((100 * done) / all)} %)`
}
