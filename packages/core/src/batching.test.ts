import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { batched } from './batching.ts'

/** Lets every reaction to what has been settled take place. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

type Read = {
  readonly keys: readonly string[]
  isOver: boolean
  finish(): void
  fail(error: Error): void
}

/** A read whose end the test decides upon. It tells each key when it began, so that an answer can be dated. */
function handReads() {
  const reads: Read[] = []
  let time = 0
  const read = async (keys: readonly string[]): Promise<Map<string, number>> => {
    const end = Promise.withResolvers<void>()
    const began = (time += 1)
    const one: Read = { keys, isOver: false, finish: end.resolve, fail: end.reject }
    reads.push(one)
    await end.promise.finally(() => (one.isOver = true))
    return new Map(keys.filter((key) => key !== 'unknown').map((key) => [key, began]))
  }
  return { reads, read, tick: () => (time += 1) }
}

describe('calls of a batched read', () => {
  test('that come alone are read at once', () => {
    const { reads, read } = handReads()
    void batched(read, { inFlight: 1, most: 10 })('a')
    expect(reads.map(({ keys }) => keys)).toEqual([['a']])
  })

  test('that come meanwhile are read together, each key once', async () => {
    const { reads, read } = handReads()
    const find = batched(read, { inFlight: 1, most: 10 })
    const answers = Promise.all(['a', 'b', 'c', 'b', 'unknown', 'a'].map(find))
    reads[0]?.finish()
    await settle()
    reads[1]?.finish()
    expect(reads.map(({ keys }) => keys)).toEqual([['a'], ['b', 'c', 'unknown', 'a']])
    expect(await answers).toEqual([1, 2, 2, 2, undefined, 2])
  })

  test('that come with the first one are read with it, where they are gathered, and with nothing that comes later', async () => {
    const { reads, read } = handReads()
    const find = batched(read, { inFlight: 2, most: 10, gathers: true })
    const answers = Promise.all(['a', 'b'].map(find))
    const last = Promise.resolve().then(() => find('c'))
    expect(reads).toEqual([])
    await settle()
    expect(reads.map(({ keys }) => keys)).toEqual([['a', 'b', 'c']])
    void find('d')
    await settle()
    expect(reads.map(({ keys }) => keys)).toEqual([['a', 'b', 'c'], ['d']])
    for (const one of reads) one.finish()
    expect([...(await answers), await last]).toEqual([1, 1, 1])
  })

  test('are read in the order in which they came, no more than a read may hold', async () => {
    const { reads, read } = handReads()
    const find = batched(read, { inFlight: 1, most: 2 })
    const answers = Promise.all(['a', 'b', 'c', 'd'].map(find))
    for (let index = 0; index < 3; index += 1) {
      reads[index]?.finish()
      await settle()
    }
    await answers
    expect(reads.map(({ keys }) => keys)).toEqual([['a'], ['b', 'c'], ['d']])
  })

  test('all get the error of their read, and no other', async () => {
    const { reads, read } = handReads()
    const find = batched(read, { inFlight: 1, most: 10 })
    const answers = Promise.allSettled(['a', 'b', 'c'].map(find))
    reads[0]?.finish()
    await settle()
    reads[1]?.fail(new Error('the database is away'))
    const outcomes = await answers
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
    const again = find('b')
    reads[2]?.finish()
    expect(await again).toBe(3)
  })

  test('are refused, too, when the read fails before it begins', async () => {
    const find = batched<string, number>(
      () => {
        throw new Error('no connection')
      },
      { inFlight: 1, most: 10 },
    )
    await expect(find('a')).rejects.toThrow('no connection')
    await expect(find('a')).rejects.toThrow('no connection')
  })

  test('are never answered by a read that began before them, whatever comes in whatever order', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('call' as const), key: fc.constantFrom('a', 'b', 'c', 'd') }),
      fc.record({ kind: fc.constant('finish' as const), which: fc.nat(5) }),
    )
    const options = fc.record({
      inFlight: fc.integer({ min: 1, max: 3 }),
      most: fc.integer({ min: 1, max: 3 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), options, async (steps, limits) => {
        const { reads, read, tick } = handReads()
        const find = batched(read, limits)
        const open = () => reads.filter(({ isOver }) => !isOver)
        const calls: Promise<void>[] = []
        for (const one of steps) {
          if (one.kind === 'call') {
            const called = tick()
            calls.push(find(one.key).then((began) => expect(began).toBeGreaterThan(called)))
          } else {
            open()[one.which]?.finish()
            await settle()
          }
          expect(open().length).toBeLessThanOrEqual(limits.inFlight)
        }
        while (open().length > 0) {
          open()[0]?.finish()
          await settle()
        }
        await Promise.all(calls)
        for (const { keys } of reads) expect(keys.length).toBeLessThanOrEqual(limits.most)
      }),
    )
  })
})
