import { checkOutputs } from '@casebook/api'
import type { Services } from '@casebook/core'
import { Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLogger } from '../../src/log.ts'
import { procedures as restProcedures } from '../equivalence/procedures.ts'
import { restRequestOf } from '../equivalence/rest-request.ts'
import { startTestServer, type Received, type TestServer } from '../start-test-server.ts'
import { procedures } from './matrix/call.ts'

/** What must not be said: parts of what is thrown, and of what is sent. */
const canary = 'Kanarienvogel'

/** A logger at the lowest level, and what it has written. */
function listen() {
  const lines: string[] = []
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(...chunk.toString().split('\n').filter(Boolean))
      done()
    },
  })
  return { logger: createLogger('trace', sink), lines }
}

type Fault = { readonly name: string; readonly error: () => unknown }

/** Errors as they come from a driver, a library, and a bug. */
const faults: readonly Fault[] = [
  { name: 'a bug', error: () => new Error(`patient ${canary} has no id`) },
  { name: 'what is no error', error: () => `the password ${canary}` },
  {
    name: 'a row that does not fit',
    error: () =>
      Object.assign(new Error(`null value in column "title" ${canary}`), {
        name: 'error',
        code: '23502',
        severity: 'ERROR',
        detail: `Failing row contains (1, ${canary}).`,
        where: `COPY record, line 1: "${canary}"`,
        hint: canary,
        table: 'record',
        column: 'title',
        parameters: [canary],
        query: `insert into record values ('${canary}')`,
      }),
  },
  { name: 'a value that does not parse', error: () => new SyntaxError(`Unexpected token ${canary} in JSON`) },
  { name: 'a cause below', error: () => new Error('it failed', { cause: new Error(canary) }) },
  {
    name: 'a URL that is none',
    error: () => Object.assign(new TypeError(`Invalid URL: ${canary}`), { input: canary }),
  },
  { name: 'a message that looks like a stack', error: () => new Error(`x\n    at ${canary} (file.ts:1:1)`) },
]

/** Services whose every method fails. */
function failing(error: () => unknown): Services {
  const fail = async () => {
    throw error()
  }
  const methodOf = (name: string) => {
    if (name === 'recordRefusal') return async () => undefined
    return name === 'stream' ? () => failingStream(error) : fail
  }
  const service = new Proxy(
    {},
    {
      get: (_, name) => methodOf(String(name)),
    },
  )
  const names = ['auth', 'books', 'authors', 'patients', 'records', 'audit']
  return Object.fromEntries(names.map((name) => [name, service])) as unknown as Services
}

async function* failingStream(error: () => unknown): AsyncGenerator<object> {
  yield* [] as object[]
  throw error()
}

describe.each(faults)('security 23: of $name nobody hears', ({ error }) => {
  let server: TestServer
  const { logger, lines } = listen()
  beforeAll(async () => {
    let isBroken = false
    server = await startTestServer({
      logger,
      onUndeclared: () => undefined,
      faulty: () => (isBroken ? failing(error) : undefined),
    })
    isBroken = true
  })
  afterAll(() => server[Symbol.asyncDispose]())

  test('over REST, over tRPC, in logs or in metrics', async () => {
    const bodies: string[] = []
    const expectConstant = ({ status, text, headers }: Received, name: string) => {
      bodies.push(text)
      expect(status, name).toBe(500)
      expect(headers.get('x-request-id'), name).toMatch(/./)
      expect(text, name).toContain('Something went wrong on our side')
      expect(text, name).not.toMatch(/at .*:\d+|node_modules|stack|select |insert /i)
    }
    for (const procedure of restProcedures) {
      const input = procedure.meta.examples?.[0]?.input
      const request = restRequestOf(procedure, input)
      if (request === null) continue
      const { method, url, body } = request
      const sent = { as: 'admin', ...(body === undefined ? {} : { body }) } as const
      expectConstant(await server.request(method, url, sent), procedure.name)
    }
    for (const [name, { _def }] of Object.entries(procedures)) {
      if (name.endsWith('stream')) continue
      const input = _def.meta.examples?.[0]?.input
      const query = `?input=${encodeURIComponent(JSON.stringify(input ?? {}))}`
      const isQuery = _def.type === 'query'
      expectConstant(
        await server.request(isQuery ? 'GET' : 'POST', `/trpc/${name}${isQuery ? query : ''}`, {
          as: 'admin',
          ...(isQuery ? {} : { body: input ?? {} }),
        }),
        name,
      )
    }
    expect(bodies.length).toBeGreaterThan(80)
    expect(bodies.filter((body) => body.includes(canary))).toEqual([])
    const unexpected = lines.filter((line) => line.includes('unexpected error'))
    expect(unexpected.length).toBeGreaterThanOrEqual(bodies.length)
    expect(lines.filter((line) => line.includes(canary))).toEqual([])
    expect((await server.request('GET', '/metrics')).text).not.toContain(canary)
  })
})

describe('security 23: of a failure in the middle nobody hears', () => {
  /** A server of which one procedure answers what is given here. */
  async function answering(answer: () => unknown) {
    const { logger, lines } = listen()
    const service = new Proxy({}, { get: () => answer })
    const names = ['auth', 'books', 'authors', 'patients', 'records', 'audit']
    const services = Object.fromEntries(names.map((name) => [name, service])) as unknown as Services
    let isBroken = false
    const faulty = () => (isBroken ? services : undefined)
    const server = await startTestServer({ logger, faulty, onUndeclared: () => undefined })
    isBroken = true
    // What is checked in tests alone is not what is asked about.
    checkOutputs(false)
    return { server, lines, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
  }
  /** What no serialiser can write: asking for the title of it is a bug. */
  const unwritable = () => ({
    id: canary,
    get title() {
      throw new Error(`no title of ${canary}`)
    },
    toJSON: () => {
      throw new Error(`no JSON of ${canary}`)
    },
  })

  test.each([
    ['REST', '/api/books/book_01jd3xq5e0f2q8n4v6z8a1b3d2'],
    ['tRPC', `/trpc/books.get?input=${encodeURIComponent('{"id":"book_01jd3xq5e0f2q8n4v6z8a1b3d2"}')}`],
  ])('a bug in a serialiser, over %s', async (_way, path) => {
    await using broken = await answering(async () => unwritable())
    const { status, text } = await broken.server.request('GET', path)
    expect([status, text]).toEqual([500, expect.stringContaining('Something went wrong on our side')])
    expect(text + broken.lines.join('\n')).not.toContain(canary)
    expect(broken.lines.some((line) => line.includes('"level":50'))).toBe(true)
  })

  async function* breakingOff() {
    yield { title: 'The first one' }
    for (let index = 0; index < 600; index += 1) yield { title: 'More' }
    throw new Error(canary)
  }

  test('a whole list that breaks off ends without its end, over REST', async () => {
    await using broken = await answering(breakingOff)
    const answer = await fetch(`${broken.server.url}/api/books`)
    await expect(answer.text()).rejects.toThrow()
    expect(broken.lines.join('\n')).not.toContain(canary)
  })

  test('a stream that breaks off says that it did, and not why, over tRPC', async () => {
    await using broken = await answering(breakingOff)
    const read = async () => {
      for await (const _ of await broken.server.client().books.stream.query({}));
    }
    await expect(read()).rejects.toThrow('Something went wrong on our side')
    expect(broken.lines.join('\n')).not.toContain(canary)
  })
})

describe('security 23: what callers send is in no log and no metric', () => {
  let server: TestServer
  const { logger, lines } = listen()
  beforeAll(async () => {
    server = await startTestServer({ logger })
  })
  afterAll(() => server[Symbol.asyncDispose]())

  /** The example's input with a canary in the place of every text, and of every text of a field by itself. */
  const spoilt = (input: unknown): unknown[] => {
    if (typeof input !== 'object' || input === null) return []
    const each = Object.keys(input).map((field) => ({ ...input, [field]: canary }))
    return [...each, { ...input, [canary]: canary }, replaceTexts(input)]
  }

  test('through every procedure, in every field, with and without being taken', async () => {
    const echoes: string[] = []
    let calls = 0
    const note = (name: string, { text, status }: Received) => {
      calls += 1
      expect(status, name).toBeLessThan(500)
      if (text.includes(canary)) echoes.push(text)
    }
    for (const [name, { _def }] of Object.entries(procedures)) {
      for (const input of [_def.meta.examples?.[0]?.input, ...spoilt(_def.meta.examples?.[0]?.input)]) {
        for (const as of ['admin', 'reader', undefined] as const) {
          const actor = as === undefined ? {} : { as }
          const headers = {
            'x-request-id': `id ${canary}`,
            'user-agent': canary,
            'idempotency-key': canary,
            referer: canary,
          }
          const isQuery = _def.type === 'query'
          const query = `?input=${encodeURIComponent(JSON.stringify(input ?? {}))}`
          const ends = /logout|revokeAll|users.update|sessions/.test(name)
          if (ends) continue
          note(
            name,
            await server.request(isQuery ? 'GET' : 'POST', `/trpc/${name}${isQuery ? query : ''}`, {
              ...actor,
              headers,
              ...(isQuery ? {} : { body: input ?? {} }),
            }),
          )
          const rest = restProcedures.find((procedure) => procedure.name === name)
          const request = rest === undefined ? null : restRequestOf(rest, input)
          if (request === null) continue
          const { method, url, body } = request
          note(
            name,
            await server.request(method, url, { ...actor, headers, ...(body === undefined ? {} : { body }) }),
          )
        }
      }
    }
    expect(calls).toBeGreaterThan(500)
    // What is echoed is what a caller asked to keep, or the name of its own field.
    const secrets = echoes.filter(
      (text) => /password|token|key":"|recovery/i.test(text) && /"(password|token|key)":"Kan/.test(text),
    )
    expect(secrets).toEqual([])
    expect(lines.length).toBeGreaterThan(500)
    expect(lines.filter((line) => line.includes(canary))).toEqual([])
    expect((await server.request('GET', '/metrics')).text).not.toContain(canary)
  })

  test('secrets that were made here are in no log either', async () => {
    const token = server.tokenOf('reader')
    const key = await resetKey()
    await server.request('POST', `/api/user/password_reset?key=${key}`, {
      body: { password: 'four quiet herons wade' },
    })
    await server.request('GET', `/password-reset?key=${key}`)
    await server.request('GET', `/api/user/me?token=${token}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    await server.request('GET', `/api/user/me`, { headers: { cookie: `casebook_session=${token}` } })
    await server.request('GET', server.fill('/records/{record}'), { as: 'clinician' })
    const log = lines.join('\n')
    for (const secret of [
      token,
      key,
      server.tokenOf('clinician'),
      'four quiet herons wade',
      server.fill('{record}'),
      server.fill('{patient}'),
    ]) {
      expect(secret.length).toBeGreaterThan(10)
      expect(log).not.toContain(secret)
    }
  })

  async function resetKey(): Promise<string> {
    await server.request('POST', '/api/user/password_reset_request', {
      body: { email: 'reader@casebook.example' },
    })
    return server.resetKeyFor('reader@casebook.example')
  }

  test('a line of the log is a line, whatever is in header, path or name', async () => {
    const forged = '\r\n{"level":60,"msg":"forged"}'
    await server.request('GET', `/api/books/${encodeURIComponent(forged)}`)
    await server.request('GET', `/nowhere/${encodeURIComponent(forged)}`)
    await server.request('POST', '/api/user/login', { body: { username: forged, password: forged } })
    await server.request('GET', '/api/books', {
      headers: { 'x-request-id': '%0d%0a{"level":60}', 'user-agent': '\t{"level":60}' },
    })
    for (const line of lines) expect(() => JSON.parse(line) as unknown, line).not.toThrow()
    expect(lines.filter((line) => line.includes('forged') || line.includes('"level":60'))).toEqual([])
  })
})

function replaceTexts(value: unknown): unknown {
  if (typeof value === 'string') return canary
  if (Array.isArray(value)) return value.map(replaceTexts)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, replaceTexts(inner)]))
}
