import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Dialect } from 'kysely'
import { embeddedParts, embeddedUrl, startEmbedded } from './embedded.ts'
import { EngineError } from './engine-error.ts'
import { PipelinedDialect } from './pipelined-dialect.ts'
import { checkFacts, connectPool, openPipeline, statementMs } from './pool.ts'
import { PooledDialect } from './pooled-dialect.ts'

export type EngineKind = 'postgres' | 'embedded-postgres' | 'pglite'

export type Engine = {
  readonly kind: EngineKind
  /** One line for the operator: which engine it is, and where its data is. */
  readonly description: string
  /** A pooler stands between: no two transactions need have the same session, so nothing may be left in one. */
  readonly isPooled: boolean
  readonly dialect: Dialect
  /** Ends the engine after kysely has let go of it. */
  stop(): Promise<void>
}

export type EngineOptions = {
  /** A PostgreSQL that runs already. Without it, the embedded engine with its data in `dataDir`. */
  readonly databaseUrl?: string | undefined
  readonly dataDir?: string | undefined
  /** Which embedded engine; by default PostgreSQL, and PGlite where that cannot run. */
  readonly engine?: 'postgres' | 'pglite' | undefined
  /** Use the embedded PostgreSQL of a server that runs beside us. */
  readonly attach?: boolean | undefined
  readonly poolSize?: number | undefined
  /** Connections that other processes will want of the embedded engine. */
  readonly otherConnections?: number | undefined
  /** Take a server even if it may lose acknowledged writes. */
  readonly unsafe?: boolean | undefined
  readonly onError?: ((error: Error) => void) | undefined
}

/** Opens the engine that the options ask for. Throws EngineError. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  if (options.databaseUrl !== undefined) return connect(options.databaseUrl, options)
  const folder = options.dataDir
  if (folder === undefined) return openPGlite(null)
  makeFolder(folder)
  if (options.attach) return connect(embeddedUrl(folder), options)
  const kind = options.engine ?? engineOfData(folder)
  const parts = kind === 'pglite' ? null : await embeddedParts(folder)
  if (parts !== null) {
    const embedded = await startEmbedded(folder, parts, connectionsFor(options))
    const engine = await connect(embedded.url, options)
    const description = `${engine.description}, embedded, data in ${join(folder, 'postgres')}`
    return { ...engine, kind: 'embedded-postgres', description, stop: () => embedded.stop() }
  }
  if (options.engine === 'postgres') {
    throw new EngineError(
      `PostgreSQL's binary cannot run on ${folder} here: set CASEBOOK_ENGINE=pglite, or DATABASE_URL.`,
    )
  }
  return openPGlite(folder)
}

/** Room for our own connections, for others', and for an operator's tools. */
function connectionsFor({ poolSize = 10, otherConnections = 0 }: EngineOptions): { max_connections: string } {
  return { max_connections: String(Math.max(60, poolSize + otherConnections + 20)) }
}

/** What has been kept by PGlite goes on with PGlite, even when PostgreSQL could run by now. */
function engineOfData(folder: string): 'postgres' | 'pglite' {
  const has = (name: string) => existsSync(join(folder, name, 'PG_VERSION'))
  return has('pglite') && !has('postgres') ? 'pglite' : 'postgres'
}

async function connect(url: string, options: EngineOptions): Promise<Engine> {
  const onError = options.onError ?? (() => undefined)
  const { pool, facts } = await connectPool({ url, size: options.poolSize ?? 10, onError })
  try {
    checkFacts(facts, { url, unsafe: options.unsafe ?? false })
  } catch (error) {
    await pool.end()
    throw error
  }
  const { isPooled, version } = facts
  return {
    kind: 'postgres',
    description: isPooled ? `PostgreSQL ${version} through a pooler` : `PostgreSQL ${version}`,
    isPooled,
    dialect: isPooled ? new PooledDialect(pool, statementMs) : new PipelinedDialect(pool, openPipeline(url)),
    stop: async () => undefined,
  }
}

async function openPGlite(folder: string | null): Promise<Engine> {
  const { openPGliteEngine } = await import('./pglite.ts')
  return openPGliteEngine(folder === null ? null : join(folder, 'pglite'))
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o711 })
    accessSync(folder, constants.W_OK)
  } catch (cause) {
    throw new EngineError(`The data folder ${folder} cannot be written: set DATA_DIR to a folder that can.`, {
      cause,
    })
  }
}
