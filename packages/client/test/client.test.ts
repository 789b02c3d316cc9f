import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createCasebookClient, isCasebookError, type CasebookError } from '../src/index.ts'

let stop: () => void = () => undefined
afterEach(() => stop())

/** A server that answers like this, and counts the calls that it got. */
async function serve(answer: RequestListener) {
  const seen: string[] = []
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url?.split('?')[0]}`)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stop = () => {
    server.closeAllConnections()
    server.close()
  }
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, seen }
}
const answering =
  (status: number, type: string, body: string): RequestListener =>
  (_request, response) =>
    response.writeHead(status, { 'content-type': type }).end(body)
const failure = (call: Promise<unknown>): Promise<CasebookError> =>
  call.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => (isCasebookError(error) ? error : Promise.reject(error as Error)),
  )
const read = (url: string) => createCasebookClient({ url, retries: 0 }).books.get.query({ id: 'x' })

describe('an answer of somebody else', () => {
  test.each([
    ['a page', 200, 'text/html', '<h1>Hello</h1>', 'not-casebook'],
    ['a page that is not there', 404, 'text/html', 'no', 'not-casebook'],
    ['an object', 200, 'application/json', '{}', 'not-casebook'],
    ['nothing', 204, '', '', 'not-casebook'],
    ['a path of ours that is none', 404, 'application/problem+json', '{"code":"NOT_FOUND"}', 'not-casebook'],
    ['a gateway without us behind it', 502, 'text/html', 'bad gateway', 'unreachable'],
  ] as const)('%s is told as what it is', async (...[, status, type, body, reason]) => {
    const { url } = await serve(answering(status, type, body))
    expect(await failure(read(url))).toMatchObject({ code: 'UNREACHABLE', reason })
  })

  test('a problem of ours keeps its reason', async () => {
    const problem = {
      type: 'http://x/problems/body-too-large',
      title: 'The body is too large',
      detail: 'The body is too large.',
      status: 413,
      code: 'PAYLOAD_TOO_LARGE',
      requestId: 'r-1',
      instance: '/trpc',
    }
    const { url } = await serve(answering(413, 'application/problem+json', JSON.stringify(problem)))
    const { reason, status, requestId } = await failure(read(url))
    expect([reason, status, requestId]).toEqual(['body-too-large', 413, 'r-1'])
  })
})

describe('a call that its caller ends', () => {
  test('is not sent when it was ended before', async () => {
    const { url, seen } = await serve(answering(200, 'application/json', '{}'))
    const { books } = createCasebookClient({ url, retries: 0 })
    const signal = AbortSignal.abort()
    const [ended] = await Promise.all([
      failure(books.create.mutate({ title: 'never' }, { signal })),
      failure(books.create.mutate({ title: 'wanted' })),
    ])
    expect(ended.code).toBe('ABORTED')
    expect(seen).toHaveLength(1)
  })

  test('ends alone, and the one beside it goes on', async () => {
    const { url } = await serve((_request, response) => setTimeout(() => response.writeHead(500).end(), 200))
    const { books } = createCasebookClient({ url, retries: 0 })
    const ending = new AbortController()
    const both = Promise.all([
      failure(books.list.query({}, { signal: ending.signal })),
      failure(books.list.query({})),
    ])
    setTimeout(() => ending.abort(), 50)
    const [ended, other] = await both
    expect([ended.code, other.code]).toEqual(['ABORTED', 'UNREACHABLE'])
  })

  test('that has no answer in time says so', async () => {
    const { url } = await serve(() => undefined)
    const client = createCasebookClient({ url, retries: 0, timeoutMs: 50 })
    expect(await failure(client.books.list.query({}))).toMatchObject({ reason: 'timed-out' })
  })
})

describe('what is wrong before a call', () => {
  test('an address that is none is refused at once', () => {
    expect(() => createCasebookClient({ url: 'nonsense' })).toThrow('«nonsense» is no URL')
  })

  test('a token that no header takes is for the server to refuse, and in no error', async () => {
    const sent: (string | null)[] = []
    const fetch: typeof globalThis.fetch = async (input, init) => {
      sent.push(new Request(input, init).headers.get('authorization'))
      throw new Error('away')
    }
    const client = createCasebookClient({
      url: 'http://127.0.0.1:9',
      token: 'of\ntwo lines',
      fetch,
      retries: 0,
    })
    await expect(client.books.list.query({})).rejects.toMatchObject({ code: 'UNREACHABLE' })
    expect(sent).toEqual(['Bearer of%0Atwo%20lines'])
  })

  test('a failure of the token is the caller’s own', async () => {
    const token = () => {
      throw new Error('no token today')
    }
    const client = createCasebookClient({ url: 'http://127.0.0.1:9', token })
    await expect(client.books.list.query({})).rejects.toThrow('no token today')
  })

  test('a server that is not there is named', async () => {
    const error = await failure(read('http://127.0.0.1:9'))
    expect([error.reason, error.message]).toEqual(['unreachable', 'http://127.0.0.1:9 cannot be reached.'])
    expect(Object.keys(error).toSorted()).toEqual(['code', 'errors', 'name', 'reason'])
  })
})
