import { rebuildDocuments, verifyDocuments, type Database } from '@casebook/db'
import { assertUpToDate } from './database.ts'
import { count, createProgress } from './progress.ts'

/** Some documents are not what they should be. */
export class WrongDocuments extends Error {
  override readonly name = 'WrongDocuments'
}

const shown = 20

/**
 * Holds every stored document of a book or record against what its columns say, and gives the line to print.
 * Throws WrongDocuments that names those which differ, and EngineError for a database that is behind.
 */
export async function verifyAll(database: Database, output: NodeJS.WriteStream): Promise<string> {
  await assertUpToDate(database)
  const progress = createProgress(output)
  const { checked, wrong, wrongCount } = await verifyDocuments(database, (done) =>
    progress.say(`Checked ${count(done)} documents`),
  )
  progress.end()
  if (wrongCount === 0) return `All ${count(checked)} documents are right.`
  const rest = wrongCount > shown ? `\n  and ${count(wrongCount - shown)} more` : ''
  throw new WrongDocuments(
    `${count(wrongCount)} of ${count(checked)} documents are wrong:\n  ${wrong.slice(0, shown).join('\n  ')}${rest}\nPut them right with: casebook-server documents rebuild`,
  )
}

/** Makes every document of a book or record anew, and gives the line to print. Throws EngineError. */
export async function rebuildAll(database: Database, output: NodeJS.WriteStream): Promise<string> {
  await assertUpToDate(database)
  const progress = createProgress(output)
  const { books, records } = await rebuildDocuments(database, (done) =>
    progress.say(`Made ${count(done)} documents anew`),
  )
  progress.end()
  return books + records === 0
    ? 'All documents were right.'
    : `Put right the documents of ${count(books)} books and ${count(records)} records.`
}
