import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { exampleBook } from '@casebook/api/books'
import { leastPace } from '@casebook/rest'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createStubs } from '../equivalence/stub-services.ts'
import { buildQuietApp } from '../quiet-app.ts'
import { openRaw } from '../raw-http.ts'

let app: FastifyInstance
let url: string
const stubs = createStubs()
beforeAll(async () => {
  const patience = { headersMs: 300, requestMs: 600, silenceMs: 500, checkMs: 50, pace: leastPace }
  app = await buildQuietApp({ ...stubs, patience })
  url = await app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => app.close())

const token = 'authorization: Bearer editor\r\n'
const headOf = (path: string, who = 'editor') =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${who === 'nobody' ? '' : `authorization: Bearer ${who}\r\n`}`
const create = ['/api/books', '/trpc/books.create']

type Slow = readonly [what: string, beginning: string, byte: string]

/** Sends a beginning, and then a byte now and then for as long as the server listens. */
async function trickle(beginning: string, byte: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  await once(socket, 'connect')
  socket.write(beginning)
  const timer = setInterval(() => socket.writable && byte !== '' && socket.write(byte), 40)
  return answerOn(socket).finally(() => clearInterval(timer))
}

async function answerOn(socket: Socket): Promise<string> {
  socket.on('error', () => undefined)
  let answer = ''
  socket.on('data', (data: Buffer) => (answer += data.toString()))
  const closed = Promise.withResolvers<void>()
  socket.once('close', closed.resolve)
  await closed.promise
  return answer
}

describe('security 21: what comes slowly is cut off', () => {
  test.each<Slow>([
    ['the request line', 'GET /', 'a'],
    ['headers', 'GET /api/books HTTP/1.1\r\nhost: x\r\nx-slow: ', 'a'],
    ['nothing at all', '', ''],
    ...create.flatMap((path): Slow[] => [
      [`a body to ${path}`, `${headOf(path)}content-length: 100000\r\n\r\n{"title":"`, 'a'],
      [`a body in chunks to ${path}`, `${headOf(path)}transfer-encoding: chunked\r\n\r\n`, '1\r\n \r\n'],
    ]),
  ])('%s, and told so by a problem', async (_what, beginning, byte) => {
    const answer = await trickle(beginning, byte)
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ status: 408, code: 'TIMEOUT' })
  })

  test('a body that nobody waits for, after the answer', async () => {
    const answer = await trickle('GET /healthz HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n', 'a')
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  })

  test('a list that is not read', async () => {
    const items = Array.from({ length: 300_000 }, () => exampleBook)
    stubs.plan({ kind: 'items', items })
    const connected = once(app.server, 'connection') as Promise<[Socket]>
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    const [served] = await connected
    socket.write('GET /api/books HTTP/1.1\r\nhost: x\r\n\r\n')
    await once(socket, 'readable')
    await once(served, 'close')
    socket.destroy()
    expect(served.bytesWritten).toBeGreaterThan(100_000)
    expect(served.bytesWritten).toBeLessThan(items.length * JSON.stringify(exampleBook).length)
  })
})

describe('security 21: a list that is read too slowly', () => {
  const patience = { headersMs: 300, requestMs: 600, silenceMs: 60_000, checkMs: 50 }
  const path = '/trpc/books.stream?batch=1&input=%7B%220%22%3A%7B%7D%7D'

  test.each(['/api/books', path])('by %s, though never in silence, is ended', async (asked) => {
    const pace = { bytesPerSecond: 1_000_000, behindMs: 300 }
    await using slow = await buildQuietApp({ ...stubs, patience: { ...patience, pace } })
    const at = await slow.listen({ host: '127.0.0.1', port: 0 })
    stubs.plan({ kind: 'items', items: Array.from({ length: 100_000 }, () => exampleBook) })
    const connected = once(slow.server, 'connection') as Promise<[Socket]>
    const socket = connect(Number(new URL(at).port), '127.0.0.1')
    const [served] = await connected
    socket.write(`GET ${asked} HTTP/1.1\r\nhost: x\r\ntrpc-accept: application/jsonl\r\n\r\n`)
    const timer = setInterval(() => socket.read(1000), 20)
    await once(served, 'close')
    clearInterval(timer)
    socket.destroy()
    expect(served.bytesWritten).toBeGreaterThan(10_000)
  })
})

describe('security 21: what is large is refused', () => {
  const asked = (bytes: string) => openRaw(url).send(Buffer.from(bytes, 'latin1'))

  test.each([
    ['a header', `GET /api/books HTTP/1.1\r\nhost: x\r\nx-long: ${'a'.repeat(17_000)}\r\n\r\n`, 431],
    ['many headers', `GET /api/books HTTP/1.1\r\nhost: x\r\n${'x-many: aaaaaaaa\r\n'.repeat(1000)}\r\n`, 431],
    ['a URL', `GET /api/books?q=${'a'.repeat(17_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, 431],
    ['a path', `GET /api/books/${'a'.repeat(4097)} HTTP/1.1\r\nhost: x\r\n\r\n`, 404],
    ['a path over tRPC', `GET /trpc/${'a'.repeat(4097)} HTTP/1.1\r\nhost: x\r\n\r\n`, 404],
  ])('%s', async (_what, bytes, status) => {
    const answer = await asked(bytes)
    expect([answer.status, JSON.parse(answer.body.toString())]).toMatchObject([status, { status }])
  })

  const mega = 1024 * 1024
  test.each([
    ['/api/books', 'editor', mega],
    ['/trpc/books.create', 'editor', mega],
    ['/trpc/books.import', 'editor', 16 * mega],
    ['/trpc/books.import', 'reader', mega],
    ['/trpc/books.import', 'nobody', mega],
    ['/trpc/books.import,books.create?batch=1', 'editor', mega],
    ['/trpc/records.patients.import', 'clinician', 16 * mega],
    ['/trpc/auth.import', 'editor', mega],
  ])(
    'a body to %s by %s of more than %i bytes, with its length told and without',
    async (path, who, most) => {
      const head = headOf(path, who)
      const told = await asked(`${head}content-length: ${most + 1}\r\n\r\n`)
      expect(told.status).toBe(413)
      // One that fits is read to its end, and is no JSON then.
      expect(await sendInChunks(head, most, '0\r\n\r\n')).toMatch(/^HTTP\/1\.1 (400|401|403|404|207) /)
      // After what is too much nothing comes: on a connection that was closed it would take the answer with it.
      expect(await sendInChunks(head, most + 1, '')).toMatch(/^HTTP\/1\.1 413 /)
    },
  )

  /** Sends so many bytes without telling their number before. */
  async function sendInChunks(head: string, length: number, end: string): Promise<string> {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.write(`${head}connection: close\r\ntransfer-encoding: chunked\r\n\r\n`)
    for (let left = length; left > 0; left -= 0x10000) {
      const size = Math.min(left, 0x10000)
      socket.write(`${size.toString(16)}\r\n${'a'.repeat(size)}\r\n`)
    }
    socket.write(end)
    return answerOn(socket)
  }

  test('a batch of more than ten calls', async () => {
    stubs.plan({ kind: 'value', value: null })
    const names = Array.from({ length: 11 }, () => 'auth.me').join(',')
    const answer = await asked(`GET /trpc/${names}?batch=1 HTTP/1.1\r\nhost: x\r\n${token}\r\n`)
    expect(answer.status).toBe(400)
    const ten = await asked(`GET /trpc/${names.slice(8)}?batch=1 HTTP/1.1\r\nhost: x\r\n${token}\r\n`)
    expect(ten.status).toBe(200)
  })
})
