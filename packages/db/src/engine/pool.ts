import pg from 'pg'
import { EngineError } from './engine-error.ts'
import { createNamingClients, type NamingClients } from './named-statements.ts'
import { createPipeline, type Pipeline } from './pipeline.ts'
import { typeParsers } from './type-parsers.ts'

export type PoolOptions = {
  readonly url: string
  /** Connections in all, those of a pipeline among them. */
  readonly size: number
  /** Told of connections that break while they are idle, which would end the process otherwise. */
  readonly onError: (error: Error) => void
}

/** How long a statement may take, in milliseconds. */
export const statementMs = 15_000

/** Connections of a pipeline: a second one goes on while a read on the first one is slow. */
const pipelines = 2

/** What we ask of a session when it begins. Poolers refuse it, since they lend one session to many. */
const session = {
  options: '-c TimeZone=UTC -c DateStyle=ISO',
  statement_timeout: statementMs,
  lock_timeout: 5000,
  idle_in_transaction_session_timeout: 30_000,
}

function clientConfig(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: 'casebook',
    types: { getTypeParser: (type, format) => typeParsers[type] ?? pg.types.getTypeParser(type, format) },
    connectionTimeoutMillis: 5000,
  }
}

/** Makes a pipeline to the server of a pool; no pooler must stand between. */
export function openPipeline(url: string): Pipeline {
  return createPipeline({
    client: { ...clientConfig(url), ...session, application_name: 'casebook reads' },
    connections: pipelines,
    readMs: session.lock_timeout + 1000,
  })
}

/** Makes a pool whose connections give up in time, and read values as `typeParsers` says. */
function createPool({ url, size, onError }: PoolOptions, asked: Partial<typeof session>): NewPool {
  const naming = createNamingClients()
  const pool = new pg.Pool({
    ...clientConfig(url),
    ...asked,
    Client: naming.Client,
    max: Math.max(1, size - pipelines),
  })
  // The pool listens to connections that are idle. One that breaks between two statements of a transaction would
  // end the process; as it is, the next statement fails.
  pool.on('connect', (client) => void client.on('error', () => undefined))
  pool.on('error', (error: Error & { client?: unknown }) => {
    // The client holds the whole connection, and is nothing for a log.
    delete error.client
    // Once the pool ends, so do its connections, each in its own time.
    if (!pool.ending) onError(error)
  })
  return { pool, naming }
}

type NewPool = { readonly pool: pg.Pool; readonly naming: NamingClients }

/** What a server says of itself, and of the way to it. */
export type ServerFacts = {
  readonly version: string
  readonly versionNumber: number
  readonly dateStyle: string
  /** A pooler stands between, so that no two transactions need have the same session. */
  readonly isPooled: boolean
  /** Settings that are off, and without which acknowledged writes may be lost. */
  readonly unsafe: readonly string[]
}

/**
 * Connects, by way of a pooler too: where what we ask of a session is refused, it is done without.
 * Throws EngineError when no server answers.
 */
export async function connectPool(options: PoolOptions): Promise<{ pool: pg.Pool; facts: ServerFacts }> {
  try {
    return await probe(createPool(options, session))
  } catch (error) {
    if (!isRefusal(error)) throw unreachable(options.url, error)
  }
  try {
    return await probe(createPool(options, {}))
  } catch (error) {
    throw unreachable(options.url, error)
  }
}

/** PgBouncer's answer to a parameter that it cannot keep; other errors of the protocol have the same SQLSTATE. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && /unsupported startup parameter/i.test(error.message)
}

const off = (name: string) =>
  `case current_setting('${name}') when 'off' then array['${name}'] else '{}'::text[] end`

const factsQuery = `select
  current_setting('server_version') as version,
  current_setting('server_version_num')::int as number,
  current_setting('DateStyle') as "dateStyle",
  pg_backend_pid() as pid,
  ${off('fsync')} || ${off('synchronous_commit')} || ${off('full_page_writes')} as unsafe`

type FactsRow = { version: string; number: number; dateStyle: string; pid: number; unsafe: string[] }

async function probe({ pool, naming }: NewPool): Promise<{ pool: pg.Pool; facts: ServerFacts }> {
  try {
    const client = await pool.connect()
    try {
      const { rows } = await client.query<FactsRow>(factsQuery)
      const row = rows[0]
      if (row === undefined) throw new Error('it says nothing of itself')
      const { version, number: versionNumber, dateStyle, pid, unsafe } = row
      // A pooler tells its clients a process id of its own making.
      const isPooled = toldProcessId(client) !== pid
      if (isPooled) naming.stop()
      const facts = { version: version.split(' ')[0] ?? version, versionNumber, dateStyle, isPooled, unsafe }
      return { pool, facts }
    } finally {
      client.release()
    }
  } catch (error) {
    await pool.end()
    throw error
  }
}

/** The process id that the server told when the connection began; pg keeps it, and its types are silent on it. */
function toldProcessId(client: pg.PoolClient): number | null {
  return 'processID' in client && typeof client.processID === 'number' ? client.processID : null
}

function unreachable(url: string, error: unknown): EngineError {
  const why = error instanceof Error && error.message !== '' ? error.message : 'no answer'
  return new EngineError(
    `The database at ${placeOf(url)} cannot be reached (${why}): check DATABASE_URL and that it runs.`,
    { cause: error },
  )
}

/** Refuses a server that we do not run on, or that may lose what it has acknowledged. Throws EngineError. */
export function checkFacts(facts: ServerFacts, { url, unsafe }: { url: string; unsafe: boolean }): void {
  const where = placeOf(url)
  if (facts.versionNumber < 150_000) {
    throw new EngineError(
      `The database at ${where} is PostgreSQL ${facts.version}: Casebook needs 15 or later.`,
    )
  }
  if (!facts.dateStyle.startsWith('ISO')) {
    throw new EngineError(
      `The database at ${where} writes dates in the style «${facts.dateStyle}»: give its role the style ISO (alter role … set DateStyle = 'ISO').`,
    )
  }
  if (facts.unsafe.length > 0 && !unsafe) {
    throw new EngineError(
      `The database runs with ${facts.unsafe.join(' and ')} off and would lose acknowledged writes: turn it on, or set UNSAFE_DATABASE=true.`,
    )
  }
}

/** Host, port and database of a URL, without its user and password. */
function placeOf(url: string): string {
  const { host, pathname, searchParams } = new URL(url)
  return `${searchParams.get('host') ?? host}${pathname}`
}
