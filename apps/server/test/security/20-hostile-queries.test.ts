import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRaw } from '../raw-http.ts'
import { startTestServer, type Role, type TestServer } from '../start-test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

describe('security 20: queries and paths', () => {
  const as: Role = 'clinician'
  const ids = [
    '9223372036854775808',
    '18446744073709551616',
    '-1',
    '%00',
    'rec_%00',
    '__proto__',
    'constructor',
    '..%2f',
  ]
  const overTrpc = (name: string, input: string) => `/trpc/${name}?input=${encodeURIComponent(input)}`
  test.each(
    [
      [
        'year=2024&month=13',
        'year=2024&month=0',
        'month=5',
        'year=0',
        'year=9223372036854775808',
        'year=2024&year=2025',
      ],
      [
        'year=1e3',
        'from=2024-02-30',
        'to=2024-13-01',
        'limit=0',
        'limit=1&limit=2',
        'limit=9223372036854775808',
      ],
      [
        '__proto__=1',
        'constructor=1',
        'q=%00',
        'q=%ff',
        'q=%',
        'q=%ED%A0%80',
        'q[]=x',
        'patientId[__proto__]=x',
        '=x',
      ],
      ['cursor=x', 'cursor=%00', 'cursor=a.b', 'cursor='],
    ].flat(),
  )('/records?%s is 400', async (query) => {
    const { status, headers } = await server.request('GET', `/records?${query}`, { as })
    expect([status, headers.get('content-type')]).toEqual([400, 'application/problem+json; charset=utf-8'])
  })

  test.each(
    [
      [
        '{"year":2024,"month":13}',
        '{"year":0}',
        '{"month":5}',
        '{"year":9223372036854775808}',
        '{"year":1e400}',
      ],
      [
        '{"limit":0}',
        '{"limit":"1"}',
        '{"__proto__":1}',
        '{"constructor":1}',
        '{"q":"\\u0000"}',
        '{"from":"2024-02-30"}',
      ],
      ['{"cursor":"x"}', '{"cursor":""}', '[]', '1', '"x"', 'null', '{', nested(40), nested(1000)],
    ].flat(),
  )('records.list of %s is 400', async (input) => {
    const { status } = await server.request('GET', overTrpc('records.list', input), { as })
    expect(status).toBe(400)
  })

  // Well-formed, and no UUIDs of any version.
  const suffixes = ['01jd3xq5e0f2q0n4v6z8a1b3d2', '00000000000000000000000001', '7zzzzzzzzzzzzzzzzzzzzzzzzy']
  test.each(suffixes)('an id with the suffix %s names nothing', async (suffix) => {
    for (const path of [`/records/rec_${suffix}`, `/records/pat_${suffix}`, `/api/books/book_${suffix}`])
      expect((await server.request('GET', path, { as })).status, path).toBe(404)
    const input = JSON.stringify({ id: `book_${suffix}` })
    expect((await server.request('GET', overTrpc('books.get', input), { as })).status).toBe(404)
    const author = `/api/books?author=author_${suffix}`
    expect((await server.request('GET', author)).json).toEqual([])
  })

  test.each(ids)('the id %s names nothing', async (id) => {
    for (const path of [`/records/${id}`, `/patients/${id}`, `/api/books/${id}`])
      expect([400, 404], path).toContain((await server.request('GET', path, { as })).status)
    const input = JSON.stringify({ id: decodeURIComponent(id) })
    for (const name of ['records.get', 'records.patients.get', 'books.get'])
      expect([400, 404], name).toContain((await server.request('GET', overTrpc(name, input), { as })).status)
  })

  test(
    'a cursor of which any one bit is changed is 400, over both transports',
    { timeout: 120_000 },
    async () => {
      const { headers } = await server.request('GET', '/api/books?limit=2')
      const cursor = decodeURIComponent(/cursor=([^&>]+)/.exec(headers.get('link') ?? '')?.[1] ?? '')
      expect(cursor.length).toBeGreaterThan(20)
      const forged = Array.from({ length: cursor.length * 7 }, (_, bit) => {
        const at = Math.floor(bit / 7)
        return (
          cursor.slice(0, at) +
          String.fromCharCode(cursor.charCodeAt(at) ^ (1 << (bit % 7))) +
          cursor.slice(at + 1)
        )
      })
      const taken: string[] = []
      for (const one of forged) {
        const rest = await server.request('GET', `/api/books?limit=2&cursor=${encodeURIComponent(one)}`)
        const trpc = await server.request(
          'GET',
          overTrpc('books.list', JSON.stringify({ limit: 2, cursor: one })),
        )
        if (rest.status !== 400 || trpc.status !== 400) taken.push(`${one}: ${rest.status} ${trpc.status}`)
      }
      expect(taken).toEqual([])
      const unchanged = `/api/books?limit=2&cursor=${encodeURIComponent(cursor)}`
      expect((await server.request('GET', unchanged)).status).toBe(200)
    },
  )

  test('a star in a path is a star', async () => {
    for (const path of ['/*/books', '/api/*', '/*', '/:p0', '/api/books/*/x'])
      expect((await server.request('GET', path)).status, path).toBe(404)
  })
})

describe('security 20: a body that nobody reads', () => {
  const long = 200_000
  const json = 'content-type: application/json\r\n'
  test.each([
    ['a query’s over tRPC', `GET /trpc/books.list HTTP/1.1\r\n${json}`, 'a'],
    ['one for a query that is no UTF-8', `GET /trpc/books.list HTTP/1.1\r\n${json}`, '\xff'],
    ['one without a type', 'POST /trpc/auth.login HTTP/1.1\r\n', 'a'],
    ['one without a type that is no UTF-8', 'POST /trpc/auth.login HTTP/1.1\r\n', '\xff'],
    ['one that is no UTF-8 from its beginning', `POST /trpc/auth.login HTTP/1.1\r\n${json}`, '\xff'],
    ['one of another type', 'POST /api/user/login HTTP/1.1\r\ncontent-type: text/plain\r\n', 'a'],
    ['a query’s over REST', `GET /api/books?limit=1 HTTP/1.1\r\n${json}`, '\xff'],
  ])('%s neither ends the process nor holds up the next request', async (_what, head, byte) => {
    const connection = openRaw(server.url, { hangMs: 20_000 })
    const bytes = `${head}host: x\r\ncontent-length: ${long}\r\n\r\n${byte.repeat(long)}`
    const { status } = await connection.send(Buffer.from(bytes, 'latin1'))
    expect([200, 400, 415]).toContain(status)
    const next = await connection.send(Buffer.from('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n'))
    expect(next.status).toBe(200)
    connection.close()
  })
})
