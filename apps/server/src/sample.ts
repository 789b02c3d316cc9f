import { newId, type UserId } from '@casebook/api'
import { exampleUser } from '@casebook/api/auth'
import { createSampleAccounts, type Passwords } from '@casebook/core'
import { generateRecords, seedBooks, type Database } from '@casebook/db'
import { sampleAccounts } from './sample-accounts.ts'

const patients = 25
const records = 250

/** Tells whether the database has no accounts and no books, so that sample data may be put in. */
export async function isEmpty(database: Database): Promise<boolean> {
  const [user] = await database.stores.users.list({ limit: 1 })
  const books = await database.stores.books({ kind: 'all' }).list({ filter: anyBook, limit: 1 })
  return user === undefined && books.documents.length === 0
}

const anyBook = { status: 'published', sort: 'createdAt' } as const

/** Names the sample accounts that are there and not disabled. */
export async function liveSampleAccounts(database: Database): Promise<string[]> {
  const live: string[] = []
  // One after the other: at once, each would open a connection of its own, which takes longer.
  for (const name of sampleAccounts) {
    const found = await database.stores.users.findByLogin(emailOf(name))
    if (found?.user.disabledAt === null) live.push(name)
  }
  return live
}

function emailOf(name: string): string {
  return `${name}@casebook.example`
}

/** Loads the sample data: the accounts, a small catalogue, patients and their records. */
export async function loadSample(database: Database, passwords: Passwords): Promise<void> {
  const ids = new Map<string, UserId>(
    sampleAccounts.map((name) => [name, name === 'reader' ? exampleUser.id : newId('user')]),
  )
  const accounts = sampleAccounts.map((name) => ({
    id: ids.get(name) ?? newId('user'),
    username: name,
    email: emailOf(name),
    role: name,
  }))
  await createSampleAccounts({ database, passwords }, accounts)
  const author = ids.get('author')
  if (author !== undefined) await database.changeCatalogue((tx) => seedBooks(tx, author))
  await generateRecords(database, { patients, records })
}
