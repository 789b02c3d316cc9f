import { EngineError } from '@casebook/db'
import { startBackgroundWork } from '../background-work.ts'
import type { Served } from '../banner.ts'
import { openSettingsDatabase } from '../database.ts'
import { prepareDatabase } from '../prepare.ts'
import type { StartOptions } from '../start.ts'
import { startCrew } from './crew.ts'
import { findPort } from './port.ts'

export type ServedByWorkers = Served & { readonly broken: Promise<Error>; close(): Promise<void> }

/** Connections for what the first process does itself: mail, seals, cleaning. */
const ownConnections = 4

/**
 * Starts several processes that serve at one address. This one owns the embedded engine, prepares the database,
 * and does the work that nobody asks for; it serves nothing. Throws SettingsError, EngineError, WorkersFailed.
 */
export async function startWorkers(options: StartOptions): Promise<ServedByWorkers> {
  const { settings, logger } = options
  const port = await findPort(settings.host, settings.port)
  const database = await openSettingsDatabase(settings, logger, {
    poolSize: ownConnections,
    otherConnections: settings.workers * settings.databasePool,
  })
  try {
    if (database.engine.kind === 'pglite') {
      throw new EngineError(
        'PGlite serves one process only: set WORKERS=1, or DATABASE_URL to a PostgreSQL, for more.',
      )
    }
    const sampleAccounts = await prepareDatabase(database, options)
    const crew = startCrew({ size: settings.workers, port }, logger)
    const first = await Promise.race([crew.listening, crew.broken])
    if (first instanceof Error) {
      await crew.stop()
      throw first
    }
    const stopWork = startBackgroundWork(database, settings, logger)
    return {
      url: first,
      database: database.engine.description,
      hasSampleAccounts: sampleAccounts.length > 0,
      broken: crew.broken,
      async close() {
        await crew.stop()
        await stopWork()
        await database.close()
      },
    }
  } catch (error) {
    await database.close()
    throw error
  }
}
