import {
  PostgresDialect,
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
  type TransactionSettings,
} from 'kysely'
import type { Pool } from 'pg'
import { readNameOf } from './named-statements.ts'
import { asOutage, tellOutages } from './outages.ts'
import type { Pipeline } from './pipeline.ts'

/** kysely's dialect for a pool, with a pipeline for the reads that are short and often asked. */
export class PipelinedDialect extends PostgresDialect {
  readonly #pipeline: Pipeline

  constructor(pool: Pool, pipeline: Pipeline) {
    super({ pool: tellOutages(pool) })
    this.#pipeline = pipeline
  }

  override createDriver(): Driver {
    return new PipelinedDriver(super.createDriver(), this.#pipeline)
  }
}

class PipelinedDriver implements Driver {
  readonly #pooled: Driver
  readonly #pipeline: Pipeline

  constructor(pooled: Driver, pipeline: Pipeline) {
    this.#pooled = pooled
    this.#pipeline = pipeline
  }

  init = () => this.#pooled.init()
  acquireConnection = async () => new LateConnection(this.#pooled, this.#pipeline)
  releaseConnection = (connection: DatabaseConnection) => lateOf(connection).release()

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings) {
    await this.#pooled.beginTransaction(await lateOf(connection).reserve(), settings)
  }

  async commitTransaction(connection: DatabaseConnection) {
    await this.#pooled.commitTransaction(await lateOf(connection).reserve())
  }

  async rollbackTransaction(connection: DatabaseConnection) {
    await this.#pooled.rollbackTransaction(await lateOf(connection).reserve())
  }

  async destroy() {
    await this.#pipeline.end()
    await this.#pooled.destroy()
  }
}

/** A connection that is taken from the pool when the first statement comes that needs it. */
class LateConnection implements DatabaseConnection {
  readonly #pooled: Driver
  readonly #pipeline: Pipeline
  #reserved: Promise<DatabaseConnection> | null = null

  constructor(pooled: Driver, pipeline: Pipeline) {
    this.#pooled = pooled
    this.#pipeline = pipeline
  }

  reserve(): Promise<DatabaseConnection> {
    return (this.#reserved ??= this.#pooled.acquireConnection())
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const name = this.#reserved === null ? readNameOf(query.sql) : undefined
    if (name !== undefined) {
      try {
        const { rows } = await this.#pipeline.read(name, query.sql, query.parameters)
        return { rows: rows as R[] }
      } catch (error) {
        // What the database refuses it would refuse again; where the line broke, another connection may do.
        if (isRefusal(error)) throw asOutage(error)
      }
    }
    return (await this.reserve()).executeQuery<R>(query)
  }

  async *streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    yield* (await this.reserve()).streamQuery<R>(query, chunkSize)
  }

  async release(): Promise<void> {
    if (this.#reserved !== null) await this.#pooled.releaseConnection(await this.#reserved)
  }
}

function lateOf(connection: DatabaseConnection): LateConnection {
  if (connection instanceof LateConnection) return connection
  throw new Error('the connection is of another driver')
}

/** An SQLSTATE has a digit, and no name of the system's has one; 57P is the class of connections that are ended. */
function isRefusal(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return /^(?=.*\d)[0-9A-Z]{5}$/.test(code) && !code.startsWith('57P')
}
