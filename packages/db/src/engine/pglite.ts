import { PGlite, type PGliteOptions } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import type { Engine } from './open-engine.ts'
import { QueuedPGliteDialect } from './pglite-dialect.ts'
import { typeParsers } from './type-parsers.ts'

/** Opens PGlite with its data in a folder, or in memory; `loadDataDir` starts from a dump. */
export async function openPGliteEngine(
  folder: string | null,
  loadDataDir?: PGliteOptions['loadDataDir'],
): Promise<Engine & { readonly pglite: PGlite }> {
  const pglite = await PGlite.create({
    ...(folder === null ? {} : { dataDir: folder }),
    ...(loadDataDir === undefined ? {} : { loadDataDir }),
    extensions: { pg_trgm },
    parsers: { ...typeParsers },
  })
  await pglite.exec(`set timezone = 'UTC'`)
  return {
    kind: 'pglite',
    description: `PGlite (one connection, about a quarter of PostgreSQL's speed), data in ${folder ?? 'memory'}`,
    isPooled: false,
    dialect: new QueuedPGliteDialect({ pglite }),
    stop: async () => undefined,
    pglite,
  }
}
