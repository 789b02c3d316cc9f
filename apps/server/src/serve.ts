import { createDeps, createServices, type Passwords } from '@casebook/core'
import { readSecret, type Database } from '@casebook/db'
import type { FastifyInstance, FastifyListenOptions } from 'fastify'
import type { Logger } from 'pino'
import { buildApp } from './app.ts'
import type { Settings } from './env.ts'
import type { Metrics, MetricsReport } from './metrics.ts'
import { createRunningWork } from './running-work.ts'
import { version } from './version.ts'

export type ServeOptions = {
  readonly settings: Settings
  readonly logger: Logger
  readonly passwords: Passwords
  readonly sampleAccounts: readonly string[]
  /** Where answers are counted, and what `/metrics` says of them, if that is not for this process alone. */
  readonly metrics?: Metrics
  readonly reportMetrics?: () => Promise<MetricsReport>
  /** Listen beside others at the same port. */
  readonly sharesPort?: boolean
}

export type Listening = {
  readonly url: string
  readonly app: FastifyInstance
  /** Resolves when the routes have nothing under way, also for clients that have left. */
  readonly settled: () => Promise<void>
}

/** Serves from a database that is prepared. Throws what `listen` throws. */
export async function serve(
  database: Database,
  { settings, logger, passwords, sampleAccounts, metrics, reportMetrics, sharesPort = false }: ServeOptions,
): Promise<Listening> {
  const publicUrl = settings.publicUrl ?? `http://${hostInUrl(settings.host)}:${settings.port}`
  const deps = createDeps({
    database,
    passwords,
    publicUrl,
    cursorKey: await readSecret(database.kysely, 'cursor'),
    sessions: { idleMinutes: settings.sessionIdleMinutes, tokenMinutes: settings.tokenMinutes },
    limits: settings.limits,
    catalogueBytes: settings.catalogueMemoryMb * 1024 * 1024,
  })
  const work = createRunningWork()
  const app = await buildApp({
    ...settings,
    work,
    sampleAccounts,
    publicUrl,
    sessions: deps.sessions,
    keys: deps.keys,
    servicesOf: (caller) => createServices(deps, caller),
    ping: () => database.ping(),
    logger,
    version,
    fingerprintKey: await readSecret(database.kysely, 'idempotency'),
    metrics,
    reportMetrics,
  })
  // Node's own option, which Fastify passes on without knowing it.
  const at: FastifyListenOptions & { reusePort: boolean } = {
    host: settings.host,
    port: settings.port,
    reusePort: sharesPort,
  }
  const address = await app.listen(at)
  return { url: settings.publicUrl ?? address, app, settled: work.settled }
}

function hostInUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
