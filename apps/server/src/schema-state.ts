import {
  EngineError,
  fillDocuments,
  lackDocuments,
  migrateToLatest,
  pendingMigrations,
  type Database,
} from '@casebook/db'

/** Brings a database up to date, its documents included; gives the names of the migrations that it ran. */
export async function migrate(database: Database): Promise<string[]> {
  const done = await migrateToLatest(database.kysely)
  await fillDocuments(database)
  return done
}

/** Refuses a database that is behind. Throws EngineError. */
export async function assertMigrated(database: Database): Promise<void> {
  const pending = await pendingMigrations(database.kysely)
  if (pending.length === 0 && !(await lackDocuments(database.kysely))) return
  const what = pending.length === 0 ? 'is not wholly migrated' : `lacks ${pending.length} migrations`
  throw new EngineError(`The database ${what}: run «casebook-server migrate» first.`)
}
