import { readCatalogueStamp, type Database, type Stores } from '@casebook/db'
import { LRUCache } from 'lru-cache'
import type { Readers } from '../readers.ts'
import { createSharedRead } from '../shared-read.ts'

/** A value that is remembered, and how much memory it takes, in bytes. */
export type Remembered<T> = { readonly value: T; readonly bytes: number }

/** What has been read of the catalogue, for as long as the catalogue stays as it is. */
export type CatalogueMemory = {
  /**
   * Gives what `read` reads, or what it has read before when the catalogue has not changed since. `key` says what
   * is read, and for whom. Values must not be changed.
   */
  remember<T extends object>(key: string, read: (stores: Stores) => Promise<Remembered<T>>): Promise<T>
  /** Gives stores that show the catalogue as it is now. */
  stores(): Promise<Stores>
}

export type CatalogueMemoryOptions = { readonly readers: Readers; readonly maxBytes: number }

type Kept = { readonly stamp: string; readonly value: object }

/**
 * Makes the memory of a server process. Every call asks the database for the catalogue's stamp first, together
 * with all that are asked at once; so it never answers what a change has made old that had been acknowledged
 * before the call, in this process or in any other. What is read begins after its stamp has been read: it is
 * that state or a later one, and while the stamp still is the same there is no later one.
 */
export function createCatalogueMemory(
  { kysely }: Pick<Database, 'kysely'>,
  { readers, maxBytes }: CatalogueMemoryOptions,
): CatalogueMemory {
  const stampOf = createSharedRead(() => readCatalogueStamp(kysely))
  const kept = new LRUCache<string, Kept>({
    maxSize: Math.max(1, maxBytes),
    maxEntrySize: Math.max(1, maxBytes / 8),
  })
  const underWay = new Map<string, { readonly stamp: string; readonly value: Promise<object> }>()

  return {
    async remember<T extends object>(
      key: string,
      read: (stores: Stores) => Promise<Remembered<T>>,
    ): Promise<T> {
      const stamp = await stampOf()
      const known = kept.get(key)
      if (known?.stamp === stamp) return known.value as T
      const begun = underWay.get(key)
      if (begun?.stamp === stamp) return (await begun.value) as T
      const reading = (async () => {
        const { value, bytes } = await read(await readers.ofCatalogue(stamp))
        if (maxBytes > 0) kept.set(key, { stamp, value }, { size: bytes + key.length })
        return value
      })()
      const mine = { stamp, value: reading }
      underWay.set(key, mine)
      try {
        return await reading
      } finally {
        if (underWay.get(key) === mine) underWay.delete(key)
      }
    },

    stores: async () => readers.ofCatalogue(await stampOf()),
  }
}
