import { randomBytes } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import pg from 'pg'
import { createDatabase, type Database } from '../database.ts'
import { openEngine, type Engine } from '../engine/open-engine.ts'
import { openPGliteEngine } from '../engine/pglite.ts'
import { templateName } from './names.ts'

export { openCluster, type Cluster } from './cluster.ts'

export { openReplicated, type Replicated } from './standby.ts'

export { hasPooler, openPooler, type Pooler } from './pooler.ts'

export type TestDatabase = Database & AsyncDisposable & { readonly url: string | null }

/** The engine that this run of the tests uses. */
export const testEngine = process.env['CASEBOOK_TEST_ENGINE'] === 'pglite' ? 'pglite' : 'postgres'

/** Opens a migrated, empty database that nobody else uses; it is gone when it is disposed of. */
export async function openTestDatabase(): Promise<TestDatabase> {
  return testEngine === 'pglite' ? openPGliteDatabase() : openPostgresDatabase()
}

async function openPostgresDatabase(): Promise<TestDatabase> {
  const server = new URL(process.env['CASEBOOK_TEST_SERVER'] ?? '')
  const name = `test_${randomBytes(8).toString('hex')}`
  await administer(server, `create database ${name} template ${templateName}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  const engine = await openEngine({ databaseUrl: url.href, unsafe: true })
  return disposable(engine, {
    url: url.href,
    remove: () => administer(server, `drop database ${name} with (force)`),
  })
}

async function openPGliteDatabase(): Promise<TestDatabase> {
  const dump = await openAsBlob(process.env['CASEBOOK_TEST_DUMP'] ?? '', { type: 'application/x-tar' })
  const engine = await openPGliteEngine(null, dump)
  return disposable(engine, { url: null, remove: async () => undefined })
}

function disposable(
  engine: Engine,
  { url, remove }: { url: string | null; remove: () => Promise<void> },
): TestDatabase {
  const database = createDatabase(engine)
  return {
    ...database,
    url,
    async [Symbol.asyncDispose]() {
      await database.close()
      await remove()
    },
  }
}

async function administer(server: URL, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.href })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
