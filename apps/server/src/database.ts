import { migrateToLatest, openDatabase, pendingMigrations, type Database } from '@casebook/db'
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
    dataDir: settings.dataDir,
    engine: settings.engine ?? undefined,
    unsafe: settings.unsafeDatabase,
    attach,
    poolSize,
    otherConnections,
    onError: (err) => logger.warn({ err }, 'a database connection broke'),
  })
}

/**
 * Runs the migrations that the database lacks, and gives their names. One that lacks none is left alone, so that
 * this may be asked of a database behind a pooler, too. Throws EngineError.
 */
export async function bringUpToDate(database: Database): Promise<string[]> {
  const pending = await pendingMigrations(database.kysely)
  return pending.length === 0 ? [] : migrateToLatest(database.kysely)
}
