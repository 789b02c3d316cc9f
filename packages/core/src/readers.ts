import { setTimeout as sleep } from 'node:timers/promises'
import { readLogPosition, type Database, type Stores } from '@casebook/db'
import { createSharedRead } from './shared-read.ts'

/** Which database answers a read: the replica where it is fresh enough, else the primary. */
export type Readers = {
  /** Stores that show the catalogue of a stamp, or a later one. */
  ofCatalogue(stamp: string): Promise<Stores>
  /** Stores that show all that has been acknowledged before the call; a replica that is a little behind is waited for. */
  ofNow(): Promise<Stores>
}

const waitsMs = [5, 20, 50, 100, 200]

/** Makes the readers of a server process. */
export function createReaders({
  kysely,
  stores,
  replica,
}: Pick<Database, 'kysely' | 'stores' | 'replica'>): Readers {
  if (replica === null) return { ofCatalogue: async () => stores, ofNow: async () => stores }
  const replicaStampOf = createSharedRead(() => replica.readStamp())
  return {
    // It goes on only, so what it shows from now on is the catalogue of this stamp or a later one.
    ofCatalogue: async (stamp) => ((await replicaStampOf()) === stamp ? replica.stores : stores),
    async ofNow() {
      const position = await readLogPosition(kysely)
      for (const wait of waitsMs) {
        if (await replica.hasReplayed(position)) return replica.stores
        await sleep(wait)
      }
      return stores
    },
  }
}
