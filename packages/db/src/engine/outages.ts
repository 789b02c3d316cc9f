import { DomainError } from '@casebook/api'
import type { PostgresPool, PostgresPoolClient } from 'kysely'

/**
 * Gives the connections of a pool that fail as `overloaded` when the database is away, ends, or does not get on in
 * time: whoever asks it then says so to its callers, on any transport.
 */
export function tellOutages(pool: PostgresPool): PostgresPool {
  const known = new WeakMap<PostgresPoolClient, PostgresPoolClient>()
  const tellingClient = (client: PostgresPoolClient): PostgresPoolClient => {
    const telling = known.get(client) ?? tellOutagesOf(client)
    known.set(client, telling)
    return telling
  }
  return {
    options: pool.options,
    connect: async () => tellingClient(await pool.connect().catch(rethrow)),
    end: () => pool.end(),
  }
}

function tellOutagesOf(client: PostgresPoolClient): PostgresPoolClient {
  const query = (sql: string, parameters: readonly unknown[]) => client.query(sql, parameters).catch(rethrow)
  return {
    // The other signature takes a cursor, which we never use: it would keep one connection for a whole list.
    query: query as PostgresPoolClient['query'],
    release: (destroy) => client.release(destroy),
  }
}

function rethrow(error: unknown): never {
  throw asOutage(error)
}

/** Gives `overloaded` for what a database that is away or too busy fails with, and any other error as it is. */
export function asOutage(error: unknown): unknown {
  return isOutage(error) ? new DomainError('overloaded', { cause: error, retryAfterSeconds: 2 }) : error
}

/**
 * SQLSTATE (PostgreSQL manual, appendix A): classes 08 connection, 53 resources, 57 intervention, and those of a lock
 * or a transaction that took too long.
 */
const sqlStates = /^(08|53|57)|^(55P03|25P03|25P04)$/

/** What pg says without a code. */
const sentences =
  /timeout exceeded when trying to connect|timeout expired|Connection terminated|not queryable|pool after calling end/i

function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  // Failed calls of the system: to connect, to find the host, to read and to write.
  if ('syscall' in error) return true
  if ('code' in error && typeof error.code === 'string') return sqlStates.test(error.code)
  return sentences.test(error.message)
}
