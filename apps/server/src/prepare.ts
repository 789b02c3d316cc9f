import { createPasswords } from '@casebook/core'
import type { Database } from '@casebook/db'
import { assertUpToDate, bringUpToDate } from './database.ts'
import { SettingsError, type Settings } from './env.ts'
import { assertSecretKeyFits } from './secret-key.ts'
import { isEmpty, liveSampleAccounts, loadSample } from './sample.ts'

export type PrepareOptions = {
  readonly settings: Settings
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
  { settings, sample, migrate }: PrepareOptions,
): Promise<string[]> {
  const isEmbedded = settings.databaseUrl === null
  await (isEmbedded || migrate ? bringUpToDate(database) : assertUpToDate(database))
  if ((sample ?? isEmbedded) && (await isEmpty(database)))
    await loadSample(database, createPasswords({ processes: 0 }))
  await assertSecretKeyFits(database, settings)
  const openAccounts = await liveSampleAccounts(database)
  const opened = openAccounts.length === 0 ? null : openToNetwork(settings)
  if (opened !== null) {
    throw new SettingsError(
      `${opened} would open sample accounts, whose passwords everybody knows, to the network: disable ${openAccounts.join(', ')}, or start with --no-sample on an empty database.`,
    )
  }
  return openAccounts
}

/** Names the setting by which others than this machine get in, or null; a proxy may stand before a loopback address. */
function openToNetwork({ host, publicUrl }: Settings): string | null {
  if (!loopback.has(host)) return `HOST: ${host}`
  if (publicUrl === null || loopback.has(new URL(publicUrl).hostname.replaceAll(/[[\]]/g, ''))) return null
  return `PUBLIC_URL: ${publicUrl}`
}
