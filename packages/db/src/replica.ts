import { Kysely, PostgresDialect, sql } from 'kysely'
import { readCatalogueStamp } from './books/catalogue.ts'
import { FallbackDialect, type Answers } from './engine/fallback-dialect.ts'
import { connectPool } from './engine/pool.ts'
import type { Tables } from './schema.ts'
import { createStores, type Stores } from './stores.ts'

/** A standby of the database, from which reads may be served that it is fresh enough for. */
export type Replica = {
  /** Stores that read from the replica, and from the primary what it fails to answer. */
  readonly stores: Stores
  /** Gives the stamp of the catalogue that it shows; null when it cannot be asked. */
  readStamp(): Promise<string | null>
  /** Tells whether it has replayed the primary's log up to a position. No when it cannot be asked, or is no standby. */
  hasReplayed(position: string): Promise<boolean>
  close(): Promise<void>
}

export type ReplicaOptions = {
  readonly url: string
  readonly poolSize: number
  readonly primary: Kysely<Tables>
  readonly onError: (error: Error) => void
}

/** How long a replica that failed is left alone, in milliseconds. */
const restMs = 5000

/** Makes the replica of a database. It connects in its own time; as long as it does not answer, nobody waits for it. */
export function createReplica({ url, poolSize, primary, onError }: ReplicaOptions): Replica {
  let connected: Kysely<Tables> | null = null
  let connecting: Promise<void> | null = null
  let restsUntil = 0
  let isClosed = false

  const rest = (error: unknown) => {
    restsUntil = Date.now() + restMs
    onError(error instanceof Error ? error : new Error(String(error)))
  }

  const connect = async () => {
    try {
      const { pool } = await connectPool({ url, size: poolSize, onError })
      if (isClosed) {
        await pool.end()
        return
      }
      connected = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
    } catch (error) {
      rest(error)
    }
    connecting = null
  }

  const ready = (): Kysely<Tables> | null => {
    if (isClosed || Date.now() < restsUntil) return null
    if (connected === null) connecting ??= connect()
    return connected
  }

  const ask = async <T>(question: (db: Kysely<Tables>) => Promise<T>): Promise<T | null> => {
    const db = ready()
    if (db === null) return null
    try {
      return await question(db)
    } catch (error) {
      rest(error)
      return null
    }
  }

  const first: Answers = {
    executeQuery: async (query) => {
      const db = ready()
      if (db === null) throw new Error('the replica rests')
      return db.executeQuery(query)
    },
  }
  ready()
  const dialect = new FallbackDialect({ first, second: primary, onFailure: rest })
  return {
    stores: createStores(new Kysely<Tables>({ dialect })),
    readStamp: () => ask(readCatalogueStamp),
    hasReplayed: async (position) => {
      const has = await ask(async (db) => {
        const { rows } = await sql<{ has: boolean | null }>`
          select pg_is_in_recovery() and pg_last_wal_replay_lsn() >= ${position}::pg_lsn as has`.execute(db)
        return rows[0]?.has ?? false
      })
      return has ?? false
    },
    async close() {
      isClosed = true
      await connecting
      await connected?.destroy()
    },
  }
}

/** Gives the position in its log behind all that the primary has acknowledged so far. */
export async function readLogPosition(primary: Kysely<Tables>): Promise<string> {
  const { rows } = await sql<{ position: string }>`select pg_current_wal_lsn()::text as position`.execute(
    primary,
  )
  return rows[0]?.position ?? ''
}
