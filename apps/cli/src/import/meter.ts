import { statSync } from 'node:fs'

/** Measures how much of an input was read. */
export type Meter = {
  readonly onBytes: (bytes: number) => void
  bytes(): number
  /** The part of all that so many bytes are, from 0 to 1; undefined where nobody knows how much there is. */
  share(bytes?: number): number | undefined
}

/** Makes the meter of a file; of standard input, nobody knows how long it is. */
export function createMeter(file: string): Meter {
  const size = file === '-' ? 0 : statSync(file).size
  let read = 0
  return {
    onBytes: (bytes) => {
      read += bytes
    },
    bytes: () => read,
    share: (bytes = read) => (size === 0 ? undefined : Math.min(1, bytes / size)),
  }
}
