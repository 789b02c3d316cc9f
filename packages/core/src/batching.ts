import { setImmediate as nextTurn } from 'node:timers/promises'

export type BatchingOptions = {
  /** Reads under way at once; calls made meanwhile are collected. */
  readonly inFlight: number
  /** Keys of one read at most. */
  readonly most: number
  /** Lets in, before a read begins, what has come in with the call that it is for: it waits for nothing else. */
  readonly gathers?: boolean
}

/**
 * Makes of a read of many keys a read of one, and of simultaneous calls few reads. A read begins after each call
 * that it answers, so that nobody is told what was true before they asked. An error of the read reaches each of its
 * calls. Gives undefined for a key that the read does not give.
 */
export function batched<K, V>(
  read: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>,
  { inFlight, most, gathers = false }: BatchingOptions,
): (key: K) => Promise<V | undefined> {
  const waiting = new Map<K, PromiseWithResolvers<V | undefined>>()
  let running = 0

  const readWaiting = async () => {
    running += 1
    for (;;) {
      if (gathers) await nextTurn()
      const batch = [...waiting].slice(0, most)
      if (batch.length === 0) break
      for (const [key] of batch) waiting.delete(key)
      try {
        const found = await read(batch.map(([key]) => key))
        for (const [key, call] of batch) call.resolve(found.get(key))
      } catch (error) {
        for (const [, call] of batch) call.reject(error)
      }
    }
    running -= 1
  }

  return (key) => {
    const asked = waiting.get(key)
    if (asked !== undefined) return asked.promise
    const call = Promise.withResolvers<V | undefined>()
    waiting.set(key, call)
    if (running < inFlight) void readWaiting()
    return call.promise
  }
}
