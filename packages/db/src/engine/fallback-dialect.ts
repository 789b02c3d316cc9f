import {
  PostgresDialect,
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
} from 'kysely'

/** What runs statements. */
export type Answers = { executeQuery<R>(query: CompiledQuery<R>): Promise<QueryResult<R>> }

export type Fallback = {
  readonly first: Answers
  readonly second: Answers
  /** Told why the first one did not answer. */
  readonly onFailure: (error: unknown) => void
}

/**
 * kysely's dialect for reads that one database answers, or else another one: every statement that fails on the
 * first is done on the second. There are no transactions on it.
 */
export class FallbackDialect extends PostgresDialect {
  readonly #fallback: Fallback

  constructor(fallback: Fallback) {
    super({ pool: () => Promise.reject(new Error('statements go to the two databases')) })
    this.#fallback = fallback
  }

  override createDriver(): Driver {
    return new FallbackDriver(this.#fallback)
  }
}

class FallbackDriver implements Driver {
  readonly #connection: DatabaseConnection

  constructor({ first, second, onFailure }: Fallback) {
    this.#connection = {
      async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
        try {
          return await first.executeQuery<R>(query)
        } catch (error) {
          onFailure(error)
          return second.executeQuery<R>(query)
        }
      },
      streamQuery: () => {
        throw new Error('lists are read in runs')
      },
    }
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}

  beginTransaction = noTransactions
  commitTransaction = noTransactions
  rollbackTransaction = noTransactions
}

function noTransactions(): Promise<never> {
  return Promise.reject(new Error('transactions are for the primary'))
}
