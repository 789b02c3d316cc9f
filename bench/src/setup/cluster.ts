import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { copiedParts, embeddedParts, startEmbedded } from '@casebook/db/engine'
import { BenchError } from '../bench-error.ts'
import { cpuMicros, parentOf, programOf } from '../measure/processes.ts'
import { withClient } from './database.ts'

/** The PostgreSQL that everything is measured on. */
export type Cluster = AsyncDisposable & {
  readonly version: string
  urlOf(database: string): string
  /** Makes a database that is dropped at the end: empty, or a copy of another one that nobody uses. */
  create(database: string, template?: string): Promise<string>
  /** Drops a database, and ends whoever still uses it. */
  drop(database: string): Promise<void>
  /** Gives the CPU time of all of its processes so far; null when it runs elsewhere. */
  cpuMicros(): number | null
}

/** Starts a PostgreSQL below `folder`, durable as it is by default, or takes the one at `url`. Throws BenchError. */
export async function openCluster(folder: string, url: string | null): Promise<Cluster> {
  const engine = url === null ? await startOwn(folder) : null
  const server = engine?.url ?? url ?? ''
  const { version, postmaster } = await inspect(server)
  const created = new Set<string>()
  const urlOf = (database: string) => {
    const address = new URL(server)
    address.pathname = `/${database}`
    return address.href
  }
  const drop = async (database: string) => {
    await administer(server, `drop database if exists ${database} with (force)`)
    created.delete(database)
  }
  return {
    version,
    urlOf,
    drop,
    async create(database, template) {
      await drop(database)
      await administer(
        server,
        `create database ${database}${template === undefined ? '' : ` template ${template}`}`,
      )
      created.add(database)
      return urlOf(database)
    },
    cpuMicros: () => (postmaster === null ? null : cpuMicros(postmaster)),
    async [Symbol.asyncDispose]() {
      if (engine === null) for (const database of created) await drop(database)
      await engine?.stop()
    },
  }
}

async function startOwn(folder: string) {
  const home = join(folder, 'cluster')
  mkdirSync(home, { mode: 0o711 })
  const parts = (await embeddedParts(home)) ?? (await copiedParts(home))
  if (parts === null)
    throw new BenchError('The embedded PostgreSQL cannot run here: name another one with --database URL.')
  // Every contender holds a pool of ten; nothing else differs from what `npm start` runs with.
  return startEmbedded(home, parts, { max_connections: '250' })
}

async function inspect(server: string): Promise<{ version: string; postmaster: number | null }> {
  const statement = `select current_setting('server_version') as version, pg_backend_pid() as backend`
  try {
    return await withClient(server, async (client) => {
      const [row] = (await client.query<{ version: string; backend: number }>(statement)).rows
      const parent = row === undefined ? null : parentOf(row.backend)
      // A backend of another machine has a number that is somebody else's here.
      const postmaster = parent !== null && programOf(parent)?.startsWith('postg') ? parent : null
      return { version: row?.version.split(' ')[0] ?? '?', postmaster }
    })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new BenchError(`The PostgreSQL of --database cannot be used (${reason}): check its URL.`, { cause })
  }
}

async function administer(server: string, statement: string): Promise<void> {
  await withClient(server, (client) => client.query(statement))
}
