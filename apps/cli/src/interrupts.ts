import { exitCodes } from './exit-codes.ts'

export type Interrupts = Disposable & {
  /** Aborted by Ctrl-C, or when the process is asked to end. */
  readonly signal: AbortSignal
}

const signals = ['SIGINT', 'SIGTERM'] as const

/** What Ctrl-C does while nothing has to be finished. */
export function endAtOnce(): void {
  process.exit(exitCodes.interrupted)
}

/** Lets a command finish what it has begun when it is interrupted; the second time, it ends at once. */
export function takeInterrupts(): Interrupts {
  const controller = new AbortController()
  const take = () => {
    if (controller.signal.aborted) endAtOnce()
    controller.abort()
  }
  process.off('SIGINT', endAtOnce)
  for (const signal of signals) process.on(signal, take)
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const signal of signals) process.off(signal, take)
      process.once('SIGINT', endAtOnce)
    },
  }
}
