const batchSize = 10_000
/** Batches that are written at once: the database has two cores' worth of work while the next one is made. */
const inFlight = 2

/** Makes rows one after the other, and writes them in batches. */
export async function writeBatches<T>(
  count: number,
  make: (index: number) => T,
  write: (rows: readonly T[]) => Promise<void>,
): Promise<void> {
  const writing: Promise<void>[] = []
  for (let first = 0; first < count; first += batchSize) {
    const size = Math.min(batchSize, count - first)
    const rows = Array.from({ length: size }, (_, index) => make(first + index))
    if (writing.length === inFlight) await writing.shift()
    const written = write(rows)
    // It is awaited later, and must not count as forgotten when an earlier one fails first.
    written.catch(() => undefined)
    writing.push(written)
  }
  await Promise.all(writing)
}
