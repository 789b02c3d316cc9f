/** Time in which requests in flight may finish after a signal, in milliseconds. */
export const drainMs = 9000

/** Resolves at the first signal that asks the process to end; a second one ends it at once. */
export function untilSignalled(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  return promise
}

/** Ends the process when its work has not come to an end in time. */
export function endAfter(ms: number): void {
  setTimeout(() => process.exit(1), ms).unref()
}
