import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createGate } from '../src/gate.ts'

/** Gives a long answer, a line in each piece, and counts the pieces. */
function longAnswer() {
  let pieces = 0
  const body = () =>
    new ReadableStream<Uint8Array>({
      pull(controller) {
        pieces += 1
        controller.enqueue(Buffer.from(`${pieces}\n`))
        if (pieces === 20_000) controller.close()
      },
    })
  return { fetch: () => Promise.resolve(new Response(body())), pieces: () => pieces }
}

test('an answer waits while its items are not taken, and comes as they are', async () => {
  const { fetch, pieces } = longAnswer()
  const gate = createGate()
  const answer = await gate.through(fetch)('http://127.0.0.1')
  // As the client does, all that comes is read and kept until it is taken.
  const kept: number[] = []
  void (async () => {
    for await (const _ of answer.body ?? []) kept.push(kept.length)
  })()
  await setTimeout(100)
  const waiting = pieces()
  expect(waiting).toBeGreaterThan(1000)
  expect(waiting).toBeLessThan(2100)
  const items = gate.taking(
    (async function* () {
      while (true) yield kept.shift()
    })(),
  )
  for (let count = 0; count < 1000; count += 1) await items.next()
  await setTimeout(100)
  expect(pieces()).toBeGreaterThan(waiting + 900)
  expect(pieces()).toBeLessThan(waiting + 1100)
  await answer.body?.cancel().catch(() => undefined)
})

test('an answer is the same behind the gate', async () => {
  const headers = { 'content-type': 'application/json', 'x-request-id': '1' }
  const fetch = () => Promise.resolve(new Response('{}\n', { status: 409, headers }))
  const answer = await createGate().through(fetch)('http://127.0.0.1')
  expect([answer.status, Object.fromEntries(answer.headers), await answer.text()]).toEqual([
    409,
    headers,
    '{}\n',
  ])
  const empty = () => Promise.resolve(new Response(null, { status: 204 }))
  expect((await createGate().through(empty)('http://127.0.0.1')).body).toBeNull()
})
