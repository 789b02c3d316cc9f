import { Readable } from 'node:stream'

/** How slowly a text may be read. */
export type Pace = {
  /** What its reader takes at the least, on the average; UTF-16 units are counted as bytes. */
  readonly bytesPerSecond: number
  /** How far the reader may be behind that. */
  readonly behindMs: number
}

/** An ISDN line of 64 kbit/s is fast enough. */
export const leastPace: Pace = { bytesPerSecond: 8000, behindMs: 30_000 }

/**
 * Makes a stream of text that goes out a piece at a time as its reader asks. It fails when the reader falls too far behind
 * the pace, and closes the source; for the time in which a piece is made no reader answers.
 */
export function pacedText(pieces: AsyncIterable<string>, { bytesPerSecond, behindMs }: Pace): Readable {
  async function* watched(): AsyncGenerator<string, void, undefined> {
    let leftMs = behindMs
    for await (const piece of pieces) {
      leftMs = Math.min(leftMs, behindMs) + (piece.length / bytesPerSecond) * 1000
      const given = performance.now()
      const timer = setTimeout(() => stream.destroy(new Error('A list was read too slowly.')), leftMs)
      try {
        yield piece
      } finally {
        clearTimeout(timer)
      }
      leftMs -= performance.now() - given
    }
  }
  const stream = Readable.from(watched(), { highWaterMark: 1 })
  return stream
}
