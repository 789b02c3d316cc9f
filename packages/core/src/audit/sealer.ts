import type { AuditId } from '@casebook/api'
import type { Database } from '@casebook/db'
import { sealEntries } from './chain.ts'
import { firstIdAt } from './first-id.ts'

export type Sealer = { seal(): Promise<void>; stop(): Promise<void> }
export type SealerOptions = {
  readonly database: Database
  readonly intervalMs?: number
  readonly onError: (error: unknown) => void
}

/** How long a transaction may stay open and still have its entry found without a search of the whole trail. */
const lateMs = 10 * 60_000

/** Appends new entries to the hash chain, at least every second; several servers take turns. */
export function startSealer({ database, intervalMs = 1000, onError }: SealerOptions): Sealer {
  let running: Promise<void> = Promise.resolve()
  let after: AuditId | null = null
  const sealAll = async () => {
    const began = Date.now()
    while ((await sealEntries(database, after)) > 0);
    after = firstIdAt(began - lateMs)
  }
  const seal = (): Promise<void> => {
    running = running.then(sealAll).catch(onError)
    return running
  }
  const timer = setInterval(() => void seal(), intervalMs)
  timer.unref()
  return {
    seal,
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
