import { DomainError } from '@casebook/api'

/** Lets a number of tasks run at once, and a number wait; beyond it a task is refused as `overloaded`. */
export function createTurns({ atOnce, queue }: { atOnce: number; queue: number }) {
  const waiting: (() => void)[] = []
  let running = 0
  return async <T>(task: () => Promise<T>): Promise<T> => {
    if (running >= atOnce) {
      if (waiting.length >= queue) throw new DomainError('overloaded', { retryAfterSeconds: 2 })
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else {
      running += 1
    }
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}
