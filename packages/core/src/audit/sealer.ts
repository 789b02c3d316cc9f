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

/**
 * How long an entry may be under way, from the making of its id to the commit, on a server whose clock may be slow,
 * and still be found: mostly it is moments, and a search of them is cheap; each minute it is looked for further back.
 */
const usualMs = 30_000
const lateMs = 10 * 60_000
const lateEveryMs = 60_000

/** Appends new entries to the hash chain, at least every second; several servers take turns. */
export function startSealer({ database, intervalMs = 1000, onError }: SealerOptions): Sealer {
  let running: Promise<void> = Promise.resolve()
  let searched: { readonly at: number; readonly lateAt: number } | null = null
  const sealAll = async () => {
    const at = Date.now()
    const isLate = searched === null || at - searched.lateAt >= lateEveryMs
    let after: AuditId | null =
      searched === null ? null : firstIdAt(isLate ? searched.lateAt - lateMs : searched.at - usualMs)
    do after = await sealEntries(database, after)
    while (after !== null)
    searched = { at, lateAt: isLate || searched === null ? at : searched.lateAt }
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
