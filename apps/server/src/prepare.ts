import type { Passwords } from '@casebook/core'
import { EngineError, pendingMigrations, type Database } from '@casebook/db'
import { bringUpToDate } from './database.ts'
import { SettingsError, type Settings } from './env.ts'
import { isEmpty, liveSampleAccounts, loadSample } from './sample.ts'

export type PrepareOptions = {
  readonly settings: Settings
  readonly passwords: Passwords
  /** Null: with the embedded engine, when it is new. */
  readonly sample: boolean | null
  readonly migrate: boolean
}

const loopback = new Set(['127.0.0.1', '::1', 'localhost'])

/**
 * Makes a database fit to serve from, once for all processes that will: schema, sample data. Gives the sample
 * accounts that are live. Throws EngineError, SettingsError.
 */
export async function prepareDatabase(
  database: Database,
  { settings, passwords, sample, migrate }: PrepareOptions,
): Promise<string[]> {
  const isEmbedded = settings.databaseUrl === null
  await prepareSchema(database, isEmbedded || migrate)
  if ((sample ?? isEmbedded) && (await isEmpty(database))) await loadSample(database, passwords)
  const openAccounts = await liveSampleAccounts(database)
  if (openAccounts.length > 0 && !loopback.has(settings.host)) {
    throw new SettingsError(
      `HOST: ${settings.host} would open sample accounts, whose passwords everybody knows, to the network: disable ${openAccounts.join(', ')}, or start with --no-sample on an empty database.`,
    )
  }
  return openAccounts
}

/** Migrates, or refuses a database that is behind. Throws EngineError. */
async function prepareSchema(database: Database, mayMigrate: boolean): Promise<void> {
  if (mayMigrate) {
    await bringUpToDate(database)
    return
  }
  const pending = await pendingMigrations(database.kysely)
  if (pending.length === 0) return
  throw new EngineError(
    `The database lacks ${pending.length} migrations: run «casebook-server migrate», or start with --migrate.`,
  )
}
