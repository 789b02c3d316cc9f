import { setTimeout as sleep } from 'node:timers/promises'
import { Kysely, sql } from 'kysely'
import { lockCatalogue } from './books/catalogue.ts'
import { openEngine, type Engine, type EngineOptions } from './engine/open-engine.ts'
import { createReplica, type Replica } from './replica.ts'
import type { Tables, Tx } from './schema.ts'
import {
  createCatalogueStores,
  createStores,
  createTxStores,
  type CatalogueStores,
  type Stores,
  type TxStores,
} from './stores.ts'

/** The database of one server process. */
export type Database = {
  readonly kysely: Kysely<Tables>
  readonly engine: Pick<Engine, 'kind' | 'description'>
  readonly stores: Stores
  readonly replica: Replica | null
  /** Runs work in a transaction, again when it lost a race against another one. */
  transaction<T>(work: (tx: TxStores) => Promise<T>): Promise<T>
  /** Runs a change of books or authors in a transaction, one after the other, whichever server they come from. */
  changeCatalogue<T>(work: (tx: CatalogueStores) => Promise<T>): Promise<T>
  ping(): Promise<void>
  close(): Promise<void>
}

export type DatabaseOptions = EngineOptions & {
  /** A standby of the database, to read from. */
  readonly replicaUrl?: string | undefined
}

/** Opens a database. Throws EngineError when it cannot be had. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { replicaUrl, poolSize = 10, onError = () => undefined } = options
  const database = createDatabase(await openEngine(options))
  if (replicaUrl === undefined) return database
  const replica = createReplica({ url: replicaUrl, poolSize, onError, primary: database.kysely })
  return {
    ...database,
    replica,
    async close() {
      await replica.close()
      await database.close()
    },
  }
}

/** Makes a database of an engine that runs. */
export function createDatabase(engine: Engine): Database {
  const kysely = new Kysely<Tables>({ dialect: engine.dialect })
  return {
    kysely,
    engine,
    stores: createStores(kysely),
    replica: null,
    transaction: (work) => inTransaction(kysely, (tx) => work(createTxStores(tx))),
    changeCatalogue: (work) =>
      inTransaction(kysely, async (tx) => work(createCatalogueStores(tx, await lockCatalogue(tx)))),
    ping: async () => void (await sql`select 1`.execute(kysely)),
    async close() {
      await kysely.destroy()
      await engine.stop()
    },
  }
}

const attempts = 5

async function inTransaction<T>(kysely: Kysely<Tables>, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await kysely.transaction().execute(work)
    } catch (error) {
      if (attempt === attempts || !isLostRace(error)) throw error
      await sleep(Math.random() * 20 * 2 ** attempt)
    }
  }
}

/** Serialisation failure and deadlock: SQLSTATE 40001 and 40P01. */
function isLostRace(error: unknown): boolean {
  const state = stateOf(error)
  return state === '40001' || state === '40P01'
}

/** Gives the name of the unique constraint that an error is about. */
export function violatedConstraint(error: unknown): string | null {
  if (stateOf(error) !== '23505' || !(error instanceof Error)) return null
  return 'constraint' in error && typeof error.constraint === 'string' ? error.constraint : null
}

function stateOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
