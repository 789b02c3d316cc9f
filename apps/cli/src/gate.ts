type Fetch = typeof globalThis.fetch

/** What lets a streamed answer through no faster than its items are taken. */
export type Gate = {
  /** Makes a fetch whose answers wait at the gate. */
  through(fetch: Fetch): Fetch
  /** Counts the items as they are taken, and opens the gate for good when nobody takes any more. */
  taking<T>(items: AsyncIterable<T>): AsyncGenerator<T, void, undefined>
}

/** Lines that may be on their way between the gate and whoever takes the items. */
const linesOnTheWay = 2000
const lineBreak = 10

/**
 * Makes a gate for one streamed call: each of its items is a line of the answer. Without it, the client keeps
 * whatever the server sends faster than it is taken, a million records of half a gigabyte.
 */
export function createGate(): Gate {
  let passed = 0
  let taken = 0
  let isOpen = false
  let wake: () => void = () => undefined
  const isShut = () => !isOpen && passed - taken > linesOnTheWay
  const pass = async (chunk: Uint8Array): Promise<void> => {
    while (isShut()) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    for (const byte of chunk) if (byte === lineBreak) passed += 1
  }
  return {
    through: (fetch) => async (input, init) => {
      const answer = await fetch(input, init)
      if (answer.body === null) return answer
      const body = answer.body.pipeThrough(
        new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
          async transform(chunk, controller) {
            await pass(chunk)
            controller.enqueue(chunk)
          },
        }),
      )
      return new Response(body, answer)
    },
    async *taking(items) {
      try {
        for await (const item of items) {
          taken += 1
          wake()
          yield item
        }
      } finally {
        isOpen = true
        wake()
      }
    },
  }
}
