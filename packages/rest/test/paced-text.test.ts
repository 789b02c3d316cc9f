import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { pacedText } from '../src/paced-text.ts'

const pace = { bytesPerSecond: 1000, behindMs: 400 }
/** A tenth of a second's worth. */
const piece = 'a'.repeat(100)

/** Pieces that take as long to be made, and whether they were closed. */
function source(count: number, makeMs = 0) {
  const made = {
    isClosed: false,
    async *[Symbol.asyncIterator]() {
      try {
        for (let nr = 0; nr < count; nr += 1) {
          await wait(makeMs)
          yield piece
        }
      } finally {
        made.isClosed = true
      }
    },
  }
  return made
}

async function read(pieces: AsyncIterable<string>, readMs: number): Promise<number> {
  let length = 0
  for await (const text of pacedText(pieces, pace)) {
    length += String(text).length
    await wait(readMs)
  }
  return length
}

test('a reader that keeps the pace gets everything, however long it takes', async () => {
  expect(await read(source(20), 50)).toBe(2000)
})

test('nobody is late for what is long in the making', async () => {
  expect(await read(source(3, 600), 0)).toBe(300)
})

test('a reader that goes on reading, but too slowly, is left, and the source closed', async () => {
  const pieces = source(20)
  await expect(read(pieces, 300)).rejects.toThrow('too slowly')
  expect(pieces.isClosed).toBe(true)
})

test('a reader that stops is left, and the source closed; having been fast before gives no time to waste', async () => {
  const pieces = source(40)
  const stream = pacedText(pieces, pace)
  const failed = Promise.withResolvers<Error>()
  stream.once('error', failed.resolve)
  const texts = stream[Symbol.asyncIterator]()
  for (let nr = 0; nr < 30; nr += 1) await texts.next()
  const stopped = performance.now()
  expect((await failed.promise).message).toContain('too slowly')
  expect(performance.now() - stopped).toBeLessThan(2000)
  await expect.poll(() => pieces.isClosed).toBe(true)
})
