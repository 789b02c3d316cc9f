import { createAccount, createPasswords } from '@casebook/core'
import { migrateToLatest, openDatabase, type Database } from '@casebook/db'
import pg from 'pg'
import type { Bench } from '../bench.ts'

/** Who asks for records. */
export const account = { username: 'bench', email: 'bench@example.com', password: 'four quiet herons wade' }

/** Makes a migrated database with an account, fills it, and gives its URL. */
export async function makeDatabase(
  { cluster }: Bench,
  name: string,
  fill: (database: Database) => Promise<void>,
): Promise<string> {
  const url = await cluster.create(name)
  const database = await openDatabase({ databaseUrl: url })
  try {
    await migrateToLatest(database.kysely)
    await createAccount(
      { database, passwords: createPasswords({ processes: 0 }) },
      { ...account, role: 'clinician' },
    )
    await fill(database)
  } finally {
    await database.close()
  }
  // Without it the first rounds would share the machine with autovacuum, and run on plans made without statistics.
  await withClient(url, (client) => client.query('vacuum analyze'))
  return url
}

/** Logs in as the account, and gives its bearer token. */
export async function logIn(url: string): Promise<string> {
  const { username, password } = account
  const answer = await fetch(`${url}/api/user/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  })
  if (!answer.ok) throw new Error(`the login was answered ${answer.status}: ${await answer.text()}`)
  return ((await answer.json()) as { token: string }).token
}

/** Does work on a connection of its own. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
