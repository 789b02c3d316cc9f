import {
  PostgresAdapter,
  PostgresDialect,
  type DialectAdapter,
  type PostgresPool,
  type PostgresPoolClient,
} from 'kysely'
import type { Pool, PoolClient, QueryResult } from 'pg'
import { EngineError } from './engine-error.ts'
import { tellOutages } from './outages.ts'

/**
 * kysely's dialect for connections through a pooler, which lends each transaction a session of its choice: time
 * limits are kept by us, and nothing may rest on a session.
 */
export class PooledDialect extends PostgresDialect {
  constructor(pool: Pool, statementMs: number) {
    super({ pool: tellOutages(limitStatements(pool, statementMs)) })
  }

  override createAdapter(): DialectAdapter {
    return new PooledAdapter()
  }
}

class PooledAdapter extends PostgresAdapter {
  /** kysely's migrator locks for a session, and would let go of the lock in another one. */
  override acquireMigrationLock(): Promise<void> {
    return Promise.reject(
      new EngineError(
        'Migrations cannot run through a pooler: run «casebook-server migrate» with a DATABASE_URL that goes to PostgreSQL itself.',
      ),
    )
  }

  override async releaseMigrationLock(): Promise<void> {}
}

/** Gives the connections of a pool on which a statement that takes longer than `ms` fails as one that is cancelled. */
function limitStatements(pool: Pool, ms: number): PostgresPool {
  const { options } = pool
  return { options, connect: async () => limitClient(await pool.connect(), ms), end: () => pool.end() }
}

function limitClient(client: PoolClient, ms: number): PostgresPoolClient {
  let isLate = false
  const query = async (sql: string, parameters?: readonly unknown[]): Promise<QueryResult> => {
    // The statement may be under way still, so this connection is good for nothing more.
    if (isLate) throw cancelled()
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(() => {
      isLate = true
      late.reject(cancelled())
    }, ms)
    try {
      return await Promise.race([client.query(sql, [...(parameters ?? [])]), late.promise])
    } finally {
      clearTimeout(timer)
    }
  }
  return {
    // The other signature takes a cursor, which we never use: it would keep one connection for a whole list.
    query: query as unknown as PostgresPoolClient['query'],
    release: (destroy) => client.release(destroy === true || isLate),
  }
}

/** SQLSTATE 57014, query_canceled: what PostgreSQL's own statement_timeout ends with. */
function cancelled(): Error {
  return Object.assign(new Error('the statement took too long'), { code: '57014' })
}
