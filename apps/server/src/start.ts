import { createPasswords } from '@casebook/core'
import type { Database } from '@casebook/db'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { startBackgroundWork } from './background-work.ts'
import { openSettingsDatabase } from './database.ts'
import type { Settings } from './env.ts'
import { prepareDatabase } from './prepare.ts'
import { serve } from './serve.ts'

export type StartOptions = {
  readonly settings: Settings
  readonly logger: Logger
  /** Null: with the embedded engine, when it is new. */
  readonly sample: boolean | null
  readonly migrate: boolean
}

export type RunningServer = {
  readonly url: string
  readonly app: FastifyInstance
  readonly database: Database
  readonly hasSampleAccounts: boolean
  close(): Promise<void>
}

/**
 * Starts everything in this process, and listens. Throws SettingsError, EngineError, or what `listen` throws.
 * `opening` is the database of the settings, which may have begun to open before the rest was there.
 */
export async function startServer(
  options: StartOptions,
  opening = openSettingsDatabase(options.settings, options.logger),
): Promise<RunningServer> {
  const { settings, logger } = options
  const database = await opening
  const passwords = createPasswords({ onError: (err) => logger.warn({ err }, 'hashing was disturbed') })
  try {
    const sampleAccounts = await prepareDatabase(database, options)
    const { url, app, settled } = await serve(database, { settings, logger, passwords, sampleAccounts })
    const stopWork = startBackgroundWork(database, settings, logger)
    return {
      url,
      app,
      database,
      hasSampleAccounts: sampleAccounts.length > 0,
      async close() {
        await app.close()
        await stopWork()
        await passwords.close()
        await settled()
        await database.close()
      },
    }
  } catch (error) {
    await database.close()
    throw error
  }
}
