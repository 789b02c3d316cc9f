import { connect } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type Received, type TestServer } from './start-test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

type Named = { readonly id: string; readonly title: string; readonly version: number }
const bookOf = (answer: Received) => answer.json as Named
const createBook = (title: string, headers: Record<string, string> = {}) =>
  server.request('POST', '/api/books', { as: 'editor', body: { title }, headers })
const countBooks = async (title: string) => {
  const { json } = await server.request('GET', '/api/books?status=draft', { as: 'editor' })
  return (json as Named[]).filter((book) => book.title === title).length
}

describe('changes', () => {
  test('a create says where it is, and a delete leaves nothing there', async () => {
    const created = await createBook('A place of its own')
    expect(created.status).toBe(201)
    const location = created.headers.get('location') ?? ''
    expect(location).toBe(`/api/books/${bookOf(created).id}`)
    const read = await server.request('GET', location, { as: 'editor' })
    expect(read.json).toEqual(created.json)
    expect(read.headers.get('etag')).toBe(created.headers.get('etag'))
    expect((await server.request('DELETE', location, { as: 'editor' })).status).toBe(204)
    expect((await server.request('GET', location, { as: 'editor' })).status).toBe(404)
  })

  test('of two that read the same book, the second to write gets 412 and changes nothing', async () => {
    const created = await createBook('Read by two')
    const path = `/api/books/${bookOf(created).id}`
    const write = (title: string) =>
      server.request('PATCH', path, {
        as: 'editor',
        body: { title },
        headers: { 'if-match': created.headers.get('etag') ?? '' },
      })
    const answers = await Promise.all([write('By the first'), write('By the second')])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412])
    const kept = bookOf(await server.request('GET', path, { as: 'editor' }))
    expect(kept.title).toBe(bookOf(answers.find(({ status }) => status === 200) ?? created).title)
    expect(kept.version).toBe(2)
  })

  test('a version in the body does for tRPC what If-Match does for REST', async () => {
    const book = bookOf(await createBook('With a version'))
    const { books } = server.client('editor')
    await books.update.mutate({ id: book.id, title: 'Changed', version: 1 })
    await expect(books.update.mutate({ id: book.id, title: 'Lost', version: 1 })).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
      reason: 'stale',
    })
  })

  test('a record is amended, and every version stays readable', async () => {
    const path = server.fill('/records/{record}')
    const first = (await server.request('GET', path, { as: 'clinician' })).json
    const amended = await server.request('PATCH', path, { as: 'clinician', body: { title: 'Said better' } })
    expect(amended.json).toMatchObject({ title: 'Said better', status: 'amended', version: 2 })
    const { json } = await server.request('GET', `${path}/history`, { as: 'clinician' })
    expect(json).toEqual([first, amended.json])
  })
})

describe('idempotency keys', () => {
  test('the same key and body give the first answer again, also at the same time', async () => {
    const headers = { 'idempotency-key': 'twice-1' }
    const answers = await Promise.all(Array.from({ length: 6 }, () => createBook('Made once', headers)))
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201, 201])
    expect(new Set(answers.map((answer) => bookOf(answer).id)).size).toBe(1)
    expect(await countBooks('Made once')).toBe(1)
  })

  test('the same key with another body is 422', async () => {
    const headers = { 'idempotency-key': 'twice-2' }
    expect((await createBook('The first body', headers)).status).toBe(201)
    const other = await createBook('Another body', headers)
    expect([other.status, other.json]).toMatchObject([422, { code: 'UNPROCESSABLE_CONTENT' }])
    expect(await countBooks('Another body')).toBe(0)
  })

  test('the key of one account is not that of another', async () => {
    const headers = { 'idempotency-key': 'shared' }
    const mine = await server.request('POST', '/api/books', {
      as: 'author',
      body: { title: 'Mine' },
      headers,
    })
    const yours = await server.request('POST', '/api/books', {
      as: 'editor',
      body: { title: 'Yours' },
      headers,
    })
    expect([mine.status, yours.status]).toEqual([201, 201])
  })

  test('a create that failed does not use up its key', async () => {
    const headers = { 'idempotency-key': 'twice-3' }
    const refused = await server.request('POST', '/api/books', { as: 'editor', body: { title: '' }, headers })
    expect(refused.status).toBe(400)
    expect((await createBook('In order now', headers)).status).toBe(201)
  })

  test.each([
    ['/trpc/books.create', '', /visible ASCII/],
    ['/trpc/books.create,books.create?batch=1', 'k-1', /of one call/],
  ])('%s with the key «%s» is refused', async (path, key, sentence) => {
    const body = path.includes('batch') ? { 0: { title: 'A' }, 1: { title: 'B' } } : { title: 'A' }
    const { status, text } = await server.request('POST', path, {
      as: 'editor',
      body,
      headers: { 'idempotency-key': key },
    })
    expect(status).toBe(400)
    expect(text).toMatch(sentence)
  })

  test('the typed client sends a key with a create', async () => {
    const { books } = server.client('editor')
    const create = () => books.create.mutate({ title: 'By the client' }, { idempotencyKey: 'c-1' })
    expect((await create()).id).toBe((await create()).id)
  })
})

describe('lists', () => {
  test('following the links visits every book once while others are added', async () => {
    const before = (await server.request('GET', '/api/books')).json as Named[]
    const seen: string[] = []
    let path: string | undefined = '/api/books?limit=7'
    while (path !== undefined) {
      const page: Received = await server.request('GET', path)
      seen.push(...(page.json as Named[]).map(({ id }) => id))
      const added = bookOf(await createBook(`Added at ${seen.length}`))
      await server.request('POST', `/api/books/${added.id}/publish`, { as: 'editor' })
      path = /<([^>]+)>; rel="next"/
        .exec(page.headers.get('link') ?? '')?.[1]
        ?.replace('http://127.0.0.1', '')
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(before.filter(({ id }) => !seen.includes(id))).toEqual([])
  })

  test.each(['title', '-title', 'publishedOn', '-publishedOn', 'createdAt', '-createdAt'])(
    'pages sorted by %s make the whole list, in its order',
    async (sort) => {
      const whole = ((await server.request('GET', `/api/books?sort=${sort}`)).json as Named[]).map(
        ({ id }) => id,
      )
      const paged: string[] = []
      let path: string | undefined = `/api/books?sort=${sort}&limit=5`
      while (path !== undefined) {
        const page: Received = await server.request('GET', path)
        expect(page.status, page.text).toBe(200)
        paged.push(...(page.json as Named[]).map(({ id }) => id))
        path = /<([^>]+)>; rel="next"/
          .exec(page.headers.get('link') ?? '')?.[1]
          ?.replace('http://127.0.0.1', '')
      }
      expect(paged).toEqual(whole)
    },
  )

  test('a cursor that was changed, or is of another list, is 400', async () => {
    const page = await server.request('GET', '/api/books?limit=2')
    const cursor = /cursor=([^&>]+)/.exec(page.headers.get('link') ?? '')?.[1] ?? ''
    expect(cursor.length).toBeGreaterThan(20)
    const middle = cursor.length >> 1
    const changed = cursor.slice(0, middle) + (cursor[middle] === 'A' ? 'B' : 'A') + cursor.slice(middle + 1)
    for (const path of [
      `/api/books?limit=2&cursor=${changed}`,
      `/api/books?limit=2&cursor=x`,
      `/api/books?limit=2&q=nursing&cursor=${cursor}`,
      `/api/authors?limit=2&cursor=${cursor}`,
    ])
      expect((await server.request('GET', path)).json).toMatchObject({ status: 400 })
    expect((await server.request('GET', `/api/books?limit=2&cursor=${cursor}`)).status).toBe(200)
  })

  test('a page that is still the same has its link all the same, since there may be a next one by now', async () => {
    const page = await server.request('GET', '/api/authors?limit=2')
    const headers = { 'if-none-match': page.headers.get('etag') ?? '' }
    const again = await server.request('GET', '/api/authors?limit=2', { headers })
    expect([again.status, again.headers.get('link')]).toEqual([304, page.headers.get('link')])
    expect(again.headers.get('link')).toMatch(/rel="next"/)
  })

  test('NDJSON and CSV say the same as JSON', async () => {
    const json = (await server.request('GET', '/records', { as: 'clinician' })).json as Named[]
    const ndjson = await server.request('GET', '/records', {
      as: 'clinician',
      headers: { accept: 'application/x-ndjson' },
    })
    expect(ndjson.headers.get('content-type')).toMatch('application/x-ndjson')
    expect(
      ndjson.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(json)
    const csv = await server.request('GET', '/records', { as: 'clinician', headers: { accept: 'text/csv' } })
    expect(csv.headers.get('content-type')).toMatch('text/csv')
    expect(csv.text.split('\r\n').filter(Boolean)).toHaveLength(json.length + 1)
  })
})

describe('the request itself', () => {
  test('a safe request id is taken over, another one replaced', async () => {
    const idOf = async (given: string) =>
      (await server.request('GET', '/api/books?limit=1', { headers: { 'x-request-id': given } })).headers.get(
        'x-request-id',
      )
    expect(await idOf('job-7.2')).toBe('job-7.2')
    expect(await idOf('a b')).not.toBe('a b')
    expect(await idOf('x'.repeat(65))).toHaveLength(36)
  })

  test('a problem names the path, the code and the request', async () => {
    const answer = await server.request('GET', '/api/books/nothing', { headers: { 'x-request-id': 'mine' } })
    expect(answer.headers.get('content-type')).toMatch('application/problem+json')
    expect(answer.json).toEqual({
      type: 'http://127.0.0.1/problems/not-found',
      title: 'There is no such thing, or it is not yours to see',
      status: 404,
      instance: '/api/books/nothing',
      code: 'NOT_FOUND',
      requestId: 'mine',
      detail: expect.any(String),
    })
  })

  test.each([
    ['limit=abc', 'limit: must be a number'],
    ['limit=0', 'limit: must be at least 1'],
    ['limit=1001', 'limit: must be at most 1000'],
    ['limit=1&limit=2', 'limit: must be a number'],
    ['q=', 'q: must not be empty or blank'],
    ['year=0&sort=size', 'year: must be at least 1 (and 1 more)'],
    ['colour=red', 'colour: is not a field of this input'],
    ['isbn=9780306406158', 'isbn: must be an ISBN-10 or ISBN-13 whose check digit fits'],
    ['q=%zz', 'The query is not well-formed percent-encoded UTF-8.'],
    ['q=%FF', 'The query is not well-formed percent-encoded UTF-8.'],
  ])('books?%s is 400: %s', async (query, detail) => {
    const { status, json } = await server.request('GET', `/api/books?${query}`)
    expect([status, json]).toMatchObject([400, { code: 'BAD_REQUEST', detail }])
  })

  test('a body that is too large is told how large it may be', async () => {
    const body = { title: 'a'.repeat(1024 * 1024) }
    const { status, json } = await server.request('POST', '/api/books', { as: 'editor', body })
    expect([status, json]).toMatchObject([413, { detail: 'A body may have 1048576 bytes.' }])
  })

  const long = 'a'.repeat(4097)
  test.each([
    ['GET', `/api/books/${long}`, 404],
    ['QUERY', '/api/books', 400],
    ['PROPFIND', '/api/books', 405],
    ['POST', '/healthz', 405],
    ['DELETE', '/openapi.json', 405],
    ['PUT', '/trpc/books.list', 405],
    ['PATCH', '/trpc/books.create', 405],
    ['GET', '/trpc/books.create', 405],
    ['GET', '/nowhere', 404],
    ['POST', '/', 405],
  ])('%s %s is %i, with a problem', async (method, path, expected) => {
    const { status, headers, json } = await server.request(method, path)
    const problem =
      path.startsWith('/trpc') && method === 'GET' ? (json as { error: { data: object } }).error.data : json
    expect([status, problem]).toMatchObject([
      expected,
      { code: expect.any(String), requestId: expect.any(String) },
    ])
    if (status === 405 && method !== 'GET') expect(headers.get('allow')).toMatch(/GET/)
  })

  test.each([
    ['garbage', 'NONSENSE\r\n\r\n', 400],
    ['a header without end', `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ])('what is no request (%s) is answered by a problem, and ended', async (_what, sent, status) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    socket.write(sent)
    const answer = await textOf(socket)
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ status, code: 'BAD_REQUEST' })
  })

  test('who brings a bad token hears over tRPC which request it was, and where it is explained', async () => {
    const { json } = await server.request('GET', '/trpc/auth.me', { headers: { authorization: 'Bearer no' } })
    expect(json).toMatchObject({
      error: { data: { type: 'http://127.0.0.1/problems/not-authenticated', requestId: expect.any(String) } },
    })
  })

  test('days the wrong way round are refused, and a short password is told once', async () => {
    const days = await server.request('GET', '/records?from=2024-02-01&to=2024-01-01', { as: 'clinician' })
    expect([days.status, days.json]).toMatchObject([
      400,
      { errors: [{ path: 'to', message: 'must not be before from' }] },
    ])
    const body = { username: 'shorty', email: 'shorty@example.com', password: 'short' }
    const { json } = await server.request('POST', '/api/user/register', { body })
    expect(json).toMatchObject({ errors: [{ path: 'password', message: 'must have at least 8 characters' }] })
  })

  test('health, readiness, metrics and the document answer without a credential', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics', '/openapi.json', '/docs'])
      expect((await server.request('GET', path)).status, path).toBe(200)
  })
})
