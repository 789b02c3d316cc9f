/**
 * Lets calls that come at the same time share a read. A call never gets the result of a read that began before
 * it: those that come while one is under way wait for the next one. So what they get is as fresh as if each had
 * read for itself.
 */
export function createSharedRead<T>(read: () => Promise<T>): () => Promise<T> {
  let isReading = false
  let waiting: PromiseWithResolvers<T> | null = null

  const begin = async (callers: PromiseWithResolvers<T>): Promise<void> => {
    isReading = true
    try {
      callers.resolve(await read())
    } catch (error) {
      callers.reject(error)
    }
    const next = waiting
    waiting = null
    isReading = next !== null
    if (next !== null) void begin(next)
  }

  return () => {
    if (isReading) return (waiting ??= Promise.withResolvers<T>()).promise
    const callers = Promise.withResolvers<T>()
    void begin(callers)
    return callers.promise
  }
}
