export type RestartsOptions = {
  /** A worker that lived for less has failed at once. */
  readonly immediateMs?: number
  /** Failures at once, one after the other and of whichever worker, after which it is given up. */
  readonly most?: number
}

/** Decides when a worker that ended is started again. */
export type Restarts = {
  /** Gives the wait in milliseconds, or null to give up. */
  after(livedMs: number): number | null
}

/** Makes the rule: at once, but after failures in a row after 100 ms and twice as long each time. */
export function createRestarts({ immediateMs = 10_000, most = 6 }: RestartsOptions = {}): Restarts {
  let inARow = 0
  return {
    after(livedMs) {
      inARow = livedMs < immediateMs ? inARow + 1 : 0
      if (inARow > most) return null
      return inARow === 0 ? 0 : 100 * 2 ** (inARow - 1)
    },
  }
}
