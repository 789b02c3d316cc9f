import { StoredList } from '@casebook/api'
import { createCasebookClient } from '@casebook/client'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createStubs } from './equivalence/stub-services.ts'
import { buildQuietApp } from './quiet-app.ts'

const stubs = createStubs()
// Of eight places a caller without an account has two.
let app: FastifyInstance
let url: string
let list: ReturnType<typeof endlessList>
let aborts: AbortController[]

beforeEach(async () => {
  aborts = []
  list = endlessList()
  app = await buildQuietApp({ ...stubs, maxStreams: 8 })
  url = await app.listen({ host: '127.0.0.1', port: 0 })
  stubs.plan({ kind: 'value', value: list.value })
})
afterEach(async () => {
  for (const abort of aborts) abort.abort()
  await app.close()
})

/** A list without an end, and how many of its readings have ended. */
function endlessList() {
  const run = Array.from({ length: 1000 }, () => '{"title":"Notes on Nursing"}')
  const made = {
    ended: 0,
    value: new StoredList(async function* (separator) {
      try {
        for (;;) yield run.join(separator)
      } finally {
        made.ended += 1
      }
    }),
  }
  return made
}

const eightInputs = encodeURIComponent(
  JSON.stringify(Object.fromEntries(Array.from({ length: 8 }, (_, nr) => [nr, {}]))),
)
const overTrpc = '/trpc/books.stream?batch=1&input=%7B%220%22%3A%7B%7D%7D'

/** Asks for a whole list and reads its beginning; the caller goes away by `abort`. */
async function open(path: string, account?: string) {
  const abort = new AbortController()
  aborts.push(abort)
  const authorization = account === undefined ? {} : { authorization: `Bearer ${account}` }
  const headers = { 'trpc-accept': 'application/jsonl', ...authorization }
  const answer = await fetch(url + path, { headers, signal: abort.signal })
  const reader = answer.body?.getReader()
  let begin = ''
  while (!begin.includes('Nursing') && !begin.includes('"detail"')) {
    const { value, done } = (await reader?.read()) ?? { value: undefined, done: true }
    if (done) break
    begin += new TextDecoder().decode(value)
  }
  return { status: answer.status, begin, retryAfter: answer.headers.get('retry-after'), abort }
}

test('a caller over tRPC that goes away ends the reading, and another one has its place', async () => {
  const first = await open(overTrpc)
  await open(overTrpc)
  expect((await open(overTrpc)).begin).toContain('"reason":"overloaded"')
  expect(list.ended).toBe(0)
  first.abort.abort()
  await expect.poll(() => list.ended).toBe(1)
  expect((await open(overTrpc)).begin).toContain('Nursing')
})

test('whole lists over tRPC and REST are counted together', async () => {
  const overRest = await open('/api/books')
  await open(overTrpc)
  expect((await open(overTrpc)).begin).toContain('"reason":"overloaded"')
  expect(await open('/api/books')).toMatchObject({ status: 503, retryAfter: '2' })
  overRest.abort.abort()
  await expect.poll(() => list.ended).toBe(1)
  expect((await open(overTrpc)).begin).toContain('Nursing')
})

test.each([
  ['over tRPC', `/trpc/${'books.stream,'.repeat(8).slice(0, -1)}?batch=1&input=${eightInputs}`],
  ['over REST', '/api/books'],
])('a caller without an account takes no places from those who have one, %s', async (_way, path) => {
  for (let times = 0; times < 8; times += 1) await open(path)
  expect((await open(overTrpc)).begin).toContain('"reason":"overloaded"')
  const readers = [await open('/api/books', 'reader'), await open(overTrpc, 'reader')]
  for (const { begin } of readers) expect(begin).toContain('Nursing')
  // All of them come from one network.
  expect((await open(overTrpc, 'editor')).begin).toContain('"reason":"overloaded"')
})

test('without limits one caller may take all places', async () => {
  await using free = await buildQuietApp({ ...stubs, maxStreams: 3, limits: { isOn: false } })
  url = await free.listen({ host: '127.0.0.1', port: 0 })
  for (const status of [200, 200, 200, 503]) expect((await open('/api/books')).status).toBe(status)
  for (const abort of aborts) abort.abort()
})

test('the typed client gets an error that says how long to wait', async () => {
  await open('/api/books')
  await open('/api/books')
  const client = createCasebookClient({ url, retries: 0 })
  await expect(client.books.stream.query({})).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    reason: 'overloaded',
    status: 503,
    retryAfterSeconds: 2,
    message: expect.stringContaining('Ask for pages'),
  })
})

test('a call alone that finds no place is 503 with Retry-After', async () => {
  await open('/api/books')
  await open('/api/books')
  const answer = await fetch(`${url}/trpc/books.stream?input=%7B%7D`)
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2'])
})

test('a whole list that nobody can be given leaves its place to others', async () => {
  // Without lines there is no way to answer it; it has not been read, then, and does not end by itself.
  const refuse = () => fetch(`${url}/trpc/books.stream?input=%7B%7D`)
  for (const answer of [await refuse(), await refuse(), await refuse()]) {
    expect(answer.status).toBe(415)
    await answer.text()
  }
  expect((await open(overTrpc)).begin).toContain('Nursing')
})
