import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRaw } from '../raw-http.ts'
import { startTestServer, type TestServer } from '../start-test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

type Told = { readonly code: string; readonly errors?: readonly { readonly path: string }[] }

/** What an answer says of the failure, whichever transport it came over. */
function toldOf(path: string, json: unknown): Told {
  const { error } = json as { error?: { data: Told } }
  return path.startsWith('/trpc') && error !== undefined ? error.data : (json as Told)
}

const nested = (depth: number, [open, close]: readonly [string, string]) =>
  open.repeat(depth) + close.repeat(depth)
const arrays = ['[', ']'] as const
const objects = ['{"a":', '}'] as const

/** Bodies of a login that no login is, and the field that is to blame. */
const hostile: readonly (readonly [what: string, body: string, field: string])[] = [
  ['__proto__', '{"username":"a","password":"x","__proto__":{"isAdmin":true}}', '__proto__'],
  ['constructor', '{"username":"a","password":"x","constructor":{"prototype":{}}}', 'constructor'],
  ['__proto__ within a field', '{"username":{"__proto__":{}},"password":"x"}', 'username'],
  ['a key that every object has', '{"username":"a","password":"x","toString":1}', 'toString'],
  ['NUL', '{"username":"a\\u0000b","password":"x"}', 'username'],
  ['NUL in the name of a field', '{"username":"a","password":"x","\\u0000":1}', '\\u0000'],
  ['arrays 33 deep', `{"username":${nested(33, arrays)},"password":"x"}`, 'username'],
  ['arrays 10,000 deep', `{"username":${nested(10_000, arrays)},"password":"x"}`, 'username'],
  [
    'objects 10,000 deep',
    `{"username":${nested(10_000, objects).replace('}', '1}')},"password":"x"}`,
    'username',
  ],
  ['2^63 for a text', '{"username":9223372036854775808,"password":"x"}', 'username'],
  ['a number beyond all', '{"username":1e400,"password":"x"}', 'username'],
  ['a list for a text', '{"username":["a"],"password":"x"}', 'username'],
  ['a text for the input', '"x"', ''],
  ['null for the input', 'null', ''],
  ['a list for the input', '[]', ''],
]

const zeros = JSON.stringify(Array.from({ length: 500_000 }, () => 0))
const unknownFields = (length: number) =>
  JSON.stringify(Object.fromEntries(Array.from({ length }, (_, at) => [at.toString(36), 0])))

describe.each(['/api/user/login', '/trpc/auth.login'])('security 20: POST %s', (path) => {
  test.each([
    ['500,000 entries', `{"username":${zeros},"password":"x"}`, 'username'],
    ['100,000 fields', unknownFields(100_000), ''],
    ['a field of 100,000 fields', `{"username":${unknownFields(100_000)},"password":"x"}`, 'username'],
  ])('refuses %s as one thing, and soon', async (_what, body, field) => {
    const before = process.cpuUsage()
    const { status, json } = await server.request('POST', path, { body })
    expect(process.cpuUsage(before).user).toBeLessThan(400_000)
    expect([status, toldOf(path, json).errors]).toMatchObject([400, [{ path: field }]])
    expect(toldOf(path, json).errors?.[0]).toMatchObject({
      message: expect.stringMatching(/^must have at most 1000 (entries|fields)$/),
    })
  })

  test('names a hundred fields that there are not, and no more', async () => {
    const { status, json } = await server.request('POST', path, { body: unknownFields(900) })
    expect([status, toldOf(path, json).errors?.length]).toEqual([400, 100])
  })
})

describe.each(['/api/user/login', '/trpc/auth.login'])('security 20: POST %s', (path) => {
  test.each(hostile)('refuses %s, naming the field', async (_what, body, field) => {
    const { status, json } = await server.request('POST', path, { body })
    expect(status).toBe(400)
    const { code, errors = [] } = toldOf(path, json)
    expect(code).toBe('BAD_REQUEST')
    expect(errors.some(({ path: at }) => at.startsWith(field.replace('\\u0000', '\0')))).toBe(true)
  })

  const sound = '{"username":"reader","password":"reader-of-casebook"}'
  const bytes = (...parts: (string | readonly number[])[]) =>
    Buffer.concat(parts.map((part) => Buffer.from(part as string)))
  test.each([
    ['no JSON', bytes('{"username":')],
    ['two of them', bytes(sound, sound)],
    ['a byte that is none of UTF-8', bytes('{"username":"', [0xff], '","password":"x"}')],
    ['an overlong form', bytes('{"username":"', [0xc0, 0xae], '","password":"x"}')],
    ['half a surrogate pair', bytes('{"username":"', [0xed, 0xa0, 0x80], '","password":"x"}')],
    ['a letter that is cut off', bytes('{"username":"a","password":"x"}', [0xe2, 0x82])],
    ['UTF-16', Buffer.from(sound, 'utf16le')],
    ['nothing', bytes('')],
  ])('refuses a body that is %s', async (_what, body) => {
    const { status } = await send(path, 'application/json', body)
    expect(status).toBe(400)
  })

  test.each(
    [
      ['text/plain', 'text/json', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''],
      [
        'application/jsonx',
        'application/octet-stream',
        'application/xml',
        '*/*',
        'text/plain; application/json',
      ],
      ['application/x-ndjson', 'application/problem+json', 'json', 'application/json, text/plain'],
    ].flat(),
  )('refuses a sound body as «%s»', async (type) => {
    const { status } = await send(path, type, Buffer.from(sound))
    expect(status).toBe(415)
  })

  test.each(
    [
      [
        'application/json; charset=utf-8',
        'APPLICATION/JSON',
        'application/json;charset=latin1',
        'application/json ;x',
      ],
      ['application/json; charset=utf-16', 'application/json;'],
    ].flat(),
  )('never skips the checks for «%s»', async (type) => {
    // Whether it is taken or not: a body that is not to be taken is not.
    expect([400, 415]).toContain(
      (await send(path, type, Buffer.from('{"username":"a\\u0000b","password":1}'))).status,
    )
    expect([400, 415]).toContain((await send(path, type, Buffer.from([0x7b, 0xff, 0x7d]))).status)
    expect([200, 415]).toContain((await send(path, type, Buffer.from(sound))).status)
  })
})

test('security 20: a body whose letters come in pieces is a sound one', async () => {
  for (const [path, status] of [
    ['/api/user/login', 400],
    ['/trpc/auth.login', 401],
  ] as const) {
    const pieces = new ReadableStream({
      start(controller) {
        const bytes = new TextEncoder().encode('{"username":"reader","password":"ä"}')
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte))
        controller.close()
      },
    })
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(server.url + path, { method: 'POST', headers, body: pieces, duplex: 'half' })
    expect(answer.status, path).toBe(status)
    expect(await answer.text()).toContain('wrong-credentials')
  }
})

/** Sends a body byte by byte as it is, which `fetch` would give a type of its own. */
async function send(path: string, type: string, body: Buffer) {
  const connection = openRaw(server.url)
  const head = `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\n\r\n`
  const answer = await connection.send(Buffer.concat([Buffer.from(head), body]))
  connection.close()
  return answer
}
