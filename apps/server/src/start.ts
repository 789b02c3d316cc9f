import {
  createCatalogueMemory,
  createCursorCodec,
  createPasswords,
  createServices,
  createSessions,
  startMailWorker,
  startSealer,
  type Deps,
} from '@casebook/core'
import { openDatabase, purgeIdempotencyKeys, readSecret, type Database } from '@casebook/db'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { buildApp } from './app.ts'
import { outboxOf, SettingsError, type Settings } from './env.ts'
import { createMailTransport } from './mail/index.ts'
import { assertMigrated, migrate } from './schema-state.ts'
import { isEmpty, liveSampleAccounts, loadSample } from './sample.ts'
import { version } from './version.ts'

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

const loopback = new Set(['127.0.0.1', '::1', 'localhost'])

/** Opens the database of the settings. Throws EngineError. */
export function openSettingsDatabase(settings: Settings, logger: Logger, attach = false): Promise<Database> {
  return openDatabase({
    databaseUrl: settings.databaseUrl ?? undefined,
    dataDir: settings.dataDir,
    engine: settings.engine ?? undefined,
    unsafe: settings.unsafeDatabase,
    attach,
    onError: (err) => logger.warn({ err }, 'a database connection broke'),
  })
}

/** Starts everything and listens. Throws SettingsError, EngineError, or what `listen` throws. */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const { settings, logger } = options
  const database = await openSettingsDatabase(settings, logger)
  try {
    return await serve(database, options)
  } catch (error) {
    await database.close()
    throw error
  }
}

async function serve(
  database: Database,
  { settings, logger, sample, migrate: mayMigrate }: StartOptions,
): Promise<RunningServer> {
  const isEmbedded = settings.databaseUrl === null
  await (isEmbedded || mayMigrate ? migrate(database) : assertMigrated(database))
  const passwords = await createPasswords()
  if ((sample ?? isEmbedded) && (await isEmpty(database))) await loadSample(database, passwords)
  const openAccounts = await liveSampleAccounts(database)
  if (openAccounts.length > 0 && !loopback.has(settings.host)) {
    throw new SettingsError(
      `HOST: ${settings.host} would open sample accounts, whose passwords everybody knows, to the network: disable ${openAccounts.join(', ')}, or start with --no-sample on an empty database.`,
    )
  }

  const publicUrl = settings.publicUrl ?? `http://${hostInUrl(settings.host)}:${settings.port}`
  const deps: Deps = {
    database,
    passwords,
    catalogue: createCatalogueMemory(database, settings.catalogueMemoryMb * 1024 * 1024),
    publicUrl,
    cursors: createCursorCodec(await readSecret(database.kysely, 'cursor')),
    sessions: createSessions(database.stores, {
      idleMinutes: settings.sessionIdleMinutes,
      tokenMinutes: settings.tokenMinutes,
    }),
  }
  const fingerprintKey = await readSecret(database.kysely, 'idempotency')
  const app = await buildApp({
    ...settings,
    sampleAccounts: openAccounts,
    publicUrl,
    sessions: deps.sessions,
    servicesOf: (caller) => createServices(deps, caller),
    ping: () => database.ping(),
    logger,
    version,
    fingerprintKey,
  })
  const address = await app.listen({ host: settings.host, port: settings.port })
  const stopWork = startBackgroundWork(database, settings, logger)
  return {
    url: settings.publicUrl ?? address,
    app,
    database,
    hasSampleAccounts: openAccounts.length > 0,
    async close() {
      await app.close()
      await stopWork()
      await database.close()
    },
  }
}

function startBackgroundWork(database: Database, settings: Settings, logger: Logger): () => Promise<void> {
  const onError = (err: unknown) => logger.warn({ err }, 'background work failed, and will be tried again')
  const transport = createMailTransport({
    smtpUrl: settings.smtpUrl,
    outbox: outboxOf(settings),
    from: settings.mailFrom,
  })
  const mail = startMailWorker({ database, transport, intervalMs: 500, onError })
  const sealer = startSealer({ database, onError })
  const cleaning = setInterval(() => void clean(database).catch(onError), 10 * 60_000)
  cleaning.unref()
  return async () => {
    clearInterval(cleaning)
    await mail.stop()
    await sealer.seal()
    await sealer.stop()
  }
}

async function clean(database: Database): Promise<void> {
  await purgeIdempotencyKeys(database.kysely)
  await database.stores.sessions.deleteExpired()
  await database.stores.mail.purge()
}

function hostInUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
