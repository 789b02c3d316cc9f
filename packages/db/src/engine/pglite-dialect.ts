import {
  PGliteDialect,
  PGliteDriver,
  type DatabaseConnection,
  type Driver,
  type PGliteDialectConfig,
} from 'kysely'

/**
 * kysely's dialect of PGlite with a queue before its one connection: without it, a query that runs beside a
 * transaction becomes part of it.
 */
export class QueuedPGliteDialect extends PGliteDialect {
  readonly #config: PGliteDialectConfig

  constructor(config: PGliteDialectConfig) {
    super(config)
    this.#config = config
  }

  override createDriver(): Driver {
    return new QueuedDriver(this.#config)
  }
}

class QueuedDriver extends PGliteDriver {
  #last: Promise<void> = Promise.resolve()
  #free: () => void = () => undefined

  override async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#last
    const turn = Promise.withResolvers<void>()
    this.#last = turn.promise
    await before
    this.#free = turn.resolve
    return super.acquireConnection()
  }

  override async releaseConnection(): Promise<void> {
    this.#free()
  }
}
