import {
  EngineError,
  fillDocuments,
  lackDocuments,
  migrateToLatest,
  openDatabase,
  pendingMigrations,
  type Database,
} from '@casebook/db'
import type { Logger } from 'pino'
import type { Settings } from './env.ts'

export type DatabaseUse = {
  /** Use the embedded engine that another process of ours runs. */
  readonly attach?: boolean
  /** Connections of this process; by default those of the settings. */
  readonly poolSize?: number
  /** Connections that other processes will want of the embedded engine. */
  readonly otherConnections?: number
}

/** Opens the database of the settings. Throws EngineError. */
export function openSettingsDatabase(
  settings: Settings,
  logger: Logger,
  { attach = false, poolSize = settings.databasePool, otherConnections = 0 }: DatabaseUse = {},
): Promise<Database> {
  return openDatabase({
    databaseUrl: settings.databaseUrl ?? undefined,
    replicaUrl: settings.databaseReplicaUrl ?? undefined,
    dataDir: settings.dataDir,
    engine: settings.engine ?? undefined,
    unsafe: settings.unsafeDatabase,
    attach,
    poolSize,
    otherConnections,
    onError: (err) => logger.warn({ err }, 'a database connection broke'),
  })
}

/** The same, also while a server has the embedded database open: it is then asked through its socket. */
export function openBesideServer(settings: Settings, logger: Logger): Promise<Database> {
  return openSettingsDatabase(settings, logger).catch((error: unknown) => {
    if (settings.databaseUrl === null && error instanceof EngineError)
      return openSettingsDatabase(settings, logger, { attach: true })
    throw error
  })
}

/**
 * Runs the migrations that the database lacks, and gives their names; then writes the documents that are not there
 * yet. One that lacks nothing is left alone, so that this may be asked of a database behind a pooler, too.
 * Throws EngineError.
 */
export async function bringUpToDate(database: Database): Promise<string[]> {
  const pending = await pendingMigrations(database.kysely)
  const done = pending.length === 0 ? [] : await migrateToLatest(database.kysely)
  if (await lackDocuments(database.kysely)) await fillDocuments(database)
  return done
}

/** Refuses a database that is behind. Throws EngineError. */
export async function assertUpToDate(database: Database): Promise<void> {
  const pending = await pendingMigrations(database.kysely)
  if (pending.length === 0 && !(await lackDocuments(database.kysely))) return
  const what = pending.length === 0 ? 'is not wholly migrated' : `lacks ${pending.length} migrations`
  throw new EngineError(`The database ${what}: run «casebook-server migrate» first.`)
}
