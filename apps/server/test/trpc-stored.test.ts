import { JsonText, StoredList } from '@casebook/api'
import fc from 'fast-check'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createStubs } from './equivalence/stub-services.ts'
import { buildQuietApp } from './quiet-app.ts'

const stubs = createStubs()
let app: FastifyInstance
beforeAll(async () => {
  app = await buildQuietApp(stubs)
})
afterAll(() => app.close())

const inputs = {
  'books.get': { id: 'book_01jd3xq5e0f2q8n4v6z8a1b3d2' },
  'books.list': {},
  'books.stream': {},
}
type Name = keyof typeof inputs
const lines = { 'trpc-accept': 'application/jsonl' }

/** Answers a value to one call, or to several in a batch. */
async function answerTo(names: Name | readonly Name[], value: unknown, headers = {}): Promise<string> {
  stubs.plan({ kind: 'value', value })
  const input =
    typeof names === 'string'
      ? inputs[names]
      : Object.assign(
          {},
          names.map((name) => inputs[name]),
        )
  const batch = typeof names === 'string' ? '' : 'batch=1&'
  const url = `/trpc/${String(names)}?${batch}input=${encodeURIComponent(JSON.stringify(input))}`
  const { body, statusCode } = await app.inject({ url, headers })
  expect([statusCode, body]).toEqual([200, expect.stringContaining('"result"')])
  return body
}

/** Texts that look like something else on their way: patterns of a replacement, breaks, a word as stands for a text. */
const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('$&$1$`', '\n', '\r\n\u2028', '"', '\\', '0f8fad5b-d9cb-469f-a165-70867728950e.0', ']]]'),
)
const objects = fc.dictionary(texts, fc.oneof(texts, fc.integer(), fc.constant(null), fc.array(texts)))

test('an object that is stored as text is answered as its value would be, byte for byte', async () => {
  await fc.assert(
    fc.asyncProperty(objects, async (value) => {
      const stored = () => new JsonText(JSON.stringify(value))
      const batch = ['books.get', 'books.get', 'books.get'] as const
      expect(await answerTo('books.get', stored())).toBe(await answerTo('books.get', value))
      expect(await answerTo(batch, stored())).toBe(await answerTo(batch, value))
      expect(await answerTo(batch, stored(), lines)).toBe(await answerTo(batch, value, lines))
    }),
  )
})

test('a page whose items are stored as text is answered as their values would be, byte for byte', async () => {
  const pages = fc.record({ items: fc.array(objects), nextCursor: fc.option(fc.string()) })
  await fc.assert(
    fc.asyncProperty(pages, async ({ items, nextCursor }) => {
      const value = { items, nextCursor }
      const stored = { items: new JsonText(JSON.stringify(items)), nextCursor }
      const batch = ['books.list', 'books.get', 'books.list'] as const
      expect(await answerTo('books.list', stored)).toBe(await answerTo('books.list', value))
      expect(await answerTo(batch, stored)).toBe(await answerTo(batch, value))
      expect(await answerTo(batch, stored, lines)).toBe(await answerTo(batch, value, lines))
    }),
  )
})

test('a page that the database put together, with line breaks between its objects, is one line of a stream', async () => {
  const items = [{ title: 'One\nof two' }, { title: 'The other' }]
  const text = `[${items.map((item) => JSON.stringify(item)).join(',\n')}]`
  const answer = (value: unknown) => answerTo(['books.list'], { items: value, nextCursor: null }, lines)
  expect(await answer(new JsonText(text))).toBe(await answer(items))
})

test('a whole list that is stored as texts is answered as its objects would be, byte for byte', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(objects, { minLength: 1 })), async (runs) => {
      const stored = new StoredList(async function* (separator) {
        for (const run of runs) yield run.map((object) => JSON.stringify(object)).join(separator)
      })
      const one = ['books.stream'] as const
      expect(await answerTo(one, stored, lines)).toBe(await answerTo(one, iterate(runs.flat()), lines))
    }),
  )
})

test('several whole lists in one batch are kept apart', async () => {
  const stored = new StoredList(async function* (separator) {
    yield `{"place":1}${separator}{"place":2}`
    yield '{"place":3}'
  })
  const body = await answerTo(['books.stream', 'books.stream'], stored, lines)
  const rows = body.split('\n').filter((line) => line.includes('place'))
  const placesOf = (chunk: string | undefined) =>
    rows.filter((line) => line.startsWith(`[${chunk},`)).map((line) => /"place":(\d)/.exec(line)?.[1])
  const [one, other] = new Set(rows.map((line) => /^\[(\d+)/.exec(line)?.[1]))
  expect([placesOf(one), placesOf(other)]).toEqual([
    ['1', '2', '3'],
    ['1', '2', '3'],
  ])
})

test.each(['constructor', '__proto__', 'toString', 'books'])('%s is no procedure', async (name) => {
  const { statusCode } = await app.inject(`/trpc/${name}`)
  expect(statusCode).toBe(404)
})

async function* iterate(items: readonly unknown[]) {
  yield* items
}
