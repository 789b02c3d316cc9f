import pg from 'pg'
import { EngineError } from './engine-error.ts'
import { NamingClient } from './named-statements.ts'
import { typeParsers } from './type-parsers.ts'

export type PoolOptions = {
  readonly url: string
  readonly size: number
  /** Told of connections that break while they are idle, which would end the process otherwise. */
  readonly onError: (error: Error) => void
}

const limits = {
  connectionTimeoutMillis: 5000,
  statement_timeout: 15_000,
  lock_timeout: 5000,
  idle_in_transaction_session_timeout: 30_000,
}

/** Makes a pool whose connections speak UTC, give up in time, and read values as `typeParsers` says. */
export function createPool({ url, size, onError }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    Client: NamingClient,
    max: size,
    application_name: 'casebook',
    options: '-c TimeZone=UTC',
    types: { getTypeParser: (type, format) => typeParsers[type] ?? pg.types.getTypeParser(type, format) },
    ...limits,
  })
  pool.on('error', (error: Error & { client?: unknown }) => {
    // The client holds the whole connection, and is nothing for a log.
    delete error.client
    // Once the pool ends, so do its connections, each in its own time.
    if (!pool.ending) onError(error)
  })
  return pool
}

/** Checks that the server answers and is one that we run on. Throws EngineError. */
export async function checkServer(pool: pg.Pool, url: string): Promise<string> {
  const where = placeOf(url)
  const row = await pool
    .query<{ number: string; version: string }>(
      `select current_setting('server_version_num') as number, current_setting('server_version') as version`,
    )
    .then((result) => result.rows[0])
    .catch((error: unknown) => {
      const why = error instanceof Error && error.message !== '' ? error.message : 'no answer'
      throw new EngineError(
        `The database at ${where} cannot be reached (${why}): check DATABASE_URL and that it runs.`,
        {
          cause: error,
        },
      )
    })
  if (row === undefined || Number(row.number) < 150_000) {
    throw new EngineError(
      `The database at ${where} is PostgreSQL ${row?.version ?? '?'}: Casebook needs 15 or later.`,
    )
  }
  return row.version.split(' ')[0] ?? row.version
}

/** Refuses a server that may lose what it has acknowledged. Throws EngineError. */
export async function checkDurability(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    `select name from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes') and setting = 'off'`,
  )
  if (rows.length === 0) return
  const names = rows.map((row) => row.name).join(' and ')
  throw new EngineError(
    `The database runs with ${names} off and would lose acknowledged writes: turn it on, or set UNSAFE_DATABASE=true.`,
  )
}

/** Host, port and database of a URL, without its user and password. */
function placeOf(url: string): string {
  const { host, pathname, searchParams } = new URL(url)
  return `${searchParams.get('host') ?? host}${pathname}`
}
