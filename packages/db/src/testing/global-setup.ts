import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { createDatabase } from '../database.ts'
import { startEmbedded } from '../engine/embedded.ts'
import { openEngine } from '../engine/open-engine.ts'
import { openPGliteEngine } from '../engine/pglite.ts'
import { migrateToLatest } from '../migrations/index.ts'
import { enginePartsFor } from './cluster.ts'
import { templateName } from './names.ts'

/** Makes, once for a whole run, the migrated database that each test gets a copy of; the first project of a run does. */
export default function setup(): Promise<(() => Promise<void>) | undefined> {
  return process.env['CASEBOOK_TEST_ENGINE'] === 'pglite' ? dumpPGlite() : startPostgres()
}

async function startPostgres(): Promise<(() => Promise<void>) | undefined> {
  if (process.env['CASEBOOK_TEST_SERVER'] !== undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'casebook-tests-'))
  const parts = await enginePartsFor(folder)
  // Data of a test is worth nothing after it, so it need not reach the disk.
  const fast = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' }
  const engine = await startEmbedded(folder, parts, fast)
  process.env['CASEBOOK_TEST_SERVER'] = engine.url
  await makeTemplate(engine.url)
  return async () => {
    await engine.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** PGlite takes 4 s of the processor to make a cluster, and 0.8 s to load one. */
async function dumpPGlite(): Promise<(() => Promise<void>) | undefined> {
  if (process.env['CASEBOOK_TEST_DUMP'] !== undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'casebook-tests-'))
  const engine = await openPGliteEngine(null)
  const database = createDatabase(engine)
  await migrateToLatest(database.kysely)
  const dump = await engine.pglite.dumpDataDir('none')
  await database.close()
  const file = join(folder, 'migrated.tar')
  writeFileSync(file, new Uint8Array(await dump.arrayBuffer()))
  process.env['CASEBOOK_TEST_DUMP'] = file
  return async () => rmSync(folder, { recursive: true, force: true })
}

async function makeTemplate(server: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  await client.query(`create database ${templateName}`)
  await client.end()
  const url = new URL(server)
  url.pathname = `/${templateName}`
  const database = createDatabase(await openEngine({ databaseUrl: url.href, unsafe: true }))
  await migrateToLatest(database.kysely)
  await database.close()
}
