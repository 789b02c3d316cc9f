import type { Socket } from 'node:net'
import { initTRPC } from '@trpc/server'
import fastify, { type FastifyInstance, type LightMyRequestResponse } from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createStreamSlots, restRoutes, type ProcedureMeta } from '../src/index.ts'
import { toyRouter, type Plant } from './toy-router.ts'

let app: FastifyInstance
let plants: Map<string, Plant>
let closed: string[]

beforeEach(async () => {
  plants = new Map(
    [
      { id: 'fern', name: 'Fern "the old"', height: 40, tags: ['shade'] },
      { id: 'oak', name: '=Oak', height: 2000, tags: ['tree', 'shade'] },
      { id: 'moss', name: 'Moss', tags: [] },
    ].map((plant) => [plant.id, plant]),
  )
  closed = []
  app = fastify({ bodyLimit: 2000 })
  await app.register(
    restRoutes({
      router: toyRouter,
      createContext: ({ request, precondition }) => ({
        user: request.headers.authorization ?? null,
        plants,
        precondition,
        closed,
      }),
      fingerprintKey: new Uint8Array(32),
      publicUrl: 'https://garden.example',
      streamSlots: createStreamSlots(2),
    }),
  )
  await app.ready()
})
afterEach(() => app.close())

const authorization = 'somebody'
const post = (payload: string | Buffer, type = 'application/json') =>
  app.inject({
    method: 'POST',
    url: '/plants',
    payload,
    headers: { 'content-type': type, authorization },
  })

describe('answers', () => {
  test('one object is JSON with a strong entity tag, and 304 to who has it', async () => {
    const answer = await app.inject('/plants/fern')
    expect(answer.json()).toEqual(plants.get('fern'))
    const etag = String(answer.headers['etag'])
    expect(etag).toMatch(/^"[\w-]{27}"$/)
    const again = await app.inject({ url: '/plants/fern', headers: { 'if-none-match': `"x", W/${etag}` } })
    expect([again.statusCode, again.body, again.headers['etag']]).toEqual([304, '', etag])
  })

  test('a path is the same with a slash at its end, and HEAD is GET without the body', async () => {
    const [plain, slash] = await Promise.all([app.inject('/plants/fern'), app.inject('/plants/fern/')])
    expect(slash.body).toBe(plain.body)
    const head = await app.inject({ method: 'HEAD', url: '/plants/fern' })
    expect([head.statusCode, head.body, head.headers['etag']]).toEqual([200, '', plain.headers['etag']])
  })

  test('a create is 201 with its place, a delete 204 without a body', async () => {
    const created = await post('{"name":"Ivy"}')
    expect([created.statusCode, created.headers['location']]).toEqual([201, '/plants/p3'])
    const gone = await app.inject({ method: 'DELETE', url: '/plants/p3', headers: { authorization } })
    expect([gone.statusCode, gone.body]).toEqual([204, ''])
    expect((await app.inject('/plants/p3')).statusCode).toBe(404)
  })

  test('procedures with one path are told apart by what fits; nothing that fits is 404', async () => {
    expect((await app.inject('/things/colour-red')).json()).toEqual({ colour: 'colour-red' })
    expect((await app.inject('/things/42')).json()).toEqual({ number: 42 })
    expect((await app.inject('/things/else')).statusCode).toBe(404)
  })
})

describe('lists', () => {
  test('without a limit the whole list is an array', async () => {
    const answer = await app.inject('/plants')
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(answer.json()).toEqual([...plants.values()])
  })

  test('with a limit there are pages, linked until the end', async () => {
    const seen: string[] = []
    let url: string | undefined = '/plants?limit=2'
    while (url !== undefined) {
      const page: LightMyRequestResponse = await app.inject(url)
      seen.push(...page.json<Plant[]>().map(({ id }) => id))
      url = /^<https:\/\/garden\.example(.+)>; rel="next"$/.exec(String(page.headers['link']))?.[1]
    }
    expect(seen).toEqual(['fern', 'oak', 'moss'])
  })

  test('text of the query becomes values; what is none of the type is refused', async () => {
    expect((await app.inject('/plants?tall=true')).json()).toHaveLength(1)
    expect((await app.inject('/plants?tall=maybe')).statusCode).toBe(400)
    expect((await app.inject('/plants?limit=1e1')).statusCode).toBe(400)
    expect((await app.inject('/plants?limit=0')).json()).toMatchObject({ errors: [{ path: 'limit' }] })
    expect((await app.inject('/plants?colour=red')).statusCode).toBe(400)
  })

  test('a search that finds nothing is 404 where the router says so', async () => {
    expect((await app.inject('/plants?tag=shade')).json()).toHaveLength(2)
    expect((await app.inject('/plants?tag=none')).statusCode).toBe(404)
  })

  test('NDJSON has an object a line, CSV a row, with formulas made harmless', async () => {
    const ndjson = await app.inject({ url: '/plants', headers: { accept: 'application/x-ndjson' } })
    expect(
      ndjson.body
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([...plants.values()])
    const csv = await app.inject({ url: '/plants', headers: { accept: 'text/csv' } })
    expect(csv.body).toBe(
      'id,name,height,tags\r\nfern,"Fern ""the old""",40,shade\r\noak,\'=Oak,2000,tree; shade\r\nmoss,Moss,,\r\n',
    )
  })

  test('a long list is one document, whatever the batches', async () => {
    for (const index of Array.from({ length: 2000 }).keys())
      plants.set(`n${index}`, { id: `n${index}`, name: 'n', tags: [] })
    for (const accept of ['application/json', 'application/x-ndjson', 'text/csv']) {
      const { body } = await app.inject({ url: '/plants', headers: { accept } })
      const count =
        accept === 'application/json'
          ? (JSON.parse(body) as unknown[]).length
          : body.trim().split('\n').length - (accept === 'text/csv' ? 1 : 0)
      expect(count).toBe(2003)
    }
  })

  test('a reader that goes away ends the source, and its slot is free again', async () => {
    for (const index of Array.from({ length: 50_000 }).keys())
      plants.set(`n${index}`, { id: `n${index}`, name: 'n'.repeat(500), tags: [] })
    const address = await app.listen({ port: 0, host: '127.0.0.1' })
    const sockets: Socket[] = []
    // A client may keep a connection ready that it never uses; that is for the server to end, not for us.
    app.server.on('connection', (socket) => sockets.push(socket))
    const open = async () => {
      const abort = new AbortController()
      const answer = await fetch(`${address}/plants`, { signal: abort.signal })
      const reader = answer.body?.getReader()
      await reader?.read()
      return { status: answer.status, retryAfter: answer.headers.get('retry-after'), abort }
    }
    const head = await fetch(`${address}/plants`, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, null])
    const first = await open()
    const second = await open()
    const third = await open()
    expect([first.status, second.status, third.status]).toEqual([200, 200, 503])
    expect((await fetch(`${address}/plants?colour=green`)).status).toBe(400)
    first.abort.abort()
    await expect.poll(() => closed).toEqual(['stream', 'stream'])
    const fourth = await open()
    expect(fourth.status).toBe(200)
    third.abort.abort()
    second.abort.abort()
    fourth.abort.abort()
    await expect.poll(() => closed).toHaveLength(4)
    for (const socket of sockets) socket.destroy()
  })
})

describe('refusals', () => {
  test('another method is 405 with those that there are', async () => {
    const answer = await app.inject({ method: 'PUT', url: '/plants/fern' })
    expect([answer.statusCode, answer.headers['allow']]).toEqual([405, 'DELETE, GET, HEAD, OPTIONS, PATCH'])
    expect(answer.headers['content-type']).toMatch('application/problem+json')
  })

  test('a body of another type is 415, broken JSON or UTF-8 400, one over the limit 413', async () => {
    expect((await post('name=Ivy', 'application/x-www-form-urlencoded')).statusCode).toBe(415)
    expect((await post('{"name":')).statusCode).toBe(400)
    expect((await post(Buffer.from([0x7b, 0xff, 0x7d]))).statusCode).toBe(400)
    expect((await post(JSON.stringify({ name: 'x'.repeat(3000) }))).statusCode).toBe(413)
  })

  test.each([
    ['a prototype', '{"name":"Ivy","__proto__":{"admin":true}}'],
    ['a constructor', '{"name":"Ivy","constructor":{}}'],
    ['endless nesting', '['.repeat(500) + ']'.repeat(500)],
    ['an array', '[]'],
    ['a text', '"name"'],
    ['null', 'null'],
    ['a field too many', '{"name":"Ivy","admin":true}'],
    ['nothing', ''],
  ])('a body with %s is 400', async (_what, body) => {
    expect((await post(body)).statusCode).toBe(400)
  })

  test('access is decided before the body is read', async () => {
    const answer = await app.inject({
      method: 'POST',
      url: '/plants',
      payload: '{"name":',
      headers: { 'content-type': 'application/json' },
    })
    expect(answer.statusCode).toBe(401)
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/)
  })

  test('a path parameter in the body or the query is refused, so that there is one truth', async () => {
    const patch = (url: string, payload: object) =>
      app.inject({ method: 'PATCH', url, payload, headers: { authorization } })
    expect((await patch('/plants/fern', { id: 'oak', name: 'x' })).statusCode).toBe(400)
    expect((await patch('/plants/fern?name=x', { name: 'x' })).statusCode).toBe(400)
    expect((await app.inject('/plants/fern?id=oak')).statusCode).toBe(400)
  })

  test('If-Match that no longer fits is 412 and changes nothing', async () => {
    const etag = String((await app.inject('/plants/fern')).headers['etag'])
    const rename = (name: string) =>
      app.inject({
        method: 'PATCH',
        url: '/plants/fern',
        payload: { name },
        headers: { authorization, 'if-match': etag },
      })
    expect((await rename('Bracken')).statusCode).toBe(200)
    expect((await rename('Lost')).statusCode).toBe(412)
    expect(plants.get('fern')?.name).toBe('Bracken')
  })

  test('an unexpected error tells nothing', async () => {
    const answer = await app.inject('/broken')
    expect(answer.statusCode).toBe(500)
    expect(answer.body).not.toMatch('secret')
    expect(answer.json()).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) })
  })
})

describe('a router that cannot be served is refused at boot with its name', () => {
  const t = initTRPC.meta<ProcedureMeta>().create()
  const build = (make: () => Parameters<typeof restRoutes>[0]['router']) => async () => {
    const broken = fastify()
    await broken.register(
      restRoutes({ router: make(), createContext: () => ({}), fingerprintKey: new Uint8Array(32) }),
    )
  }
  const answer = z.object({ id: z.string() })

  test('a path parameter that the input lacks', async () => {
    const make = () =>
      t.router({
        one: t.procedure
          .meta({ rest: { method: 'GET', path: '/one/{id}' } })
          .output(answer)
          .query(() => ({ id: '' })),
      })
    await expect(build(make)).rejects.toThrow(/one: \{id\} of \/one\/\{id\} is no field/)
  })

  test('no output schema', async () => {
    const make = () =>
      t.router({ one: t.procedure.meta({ rest: { method: 'GET', path: '/one' } }).query(() => 1) })
    await expect(build(make)).rejects.toThrow(/one: REST needs an output schema/)
  })

  test('two procedures at one path', async () => {
    const one = t.procedure
      .meta({ rest: { method: 'GET', path: '/one' } })
      .output(answer)
      .query(() => ({ id: '' }))
    await expect(build(() => t.router({ one, two: one }))).rejects.toThrow(/one and two: both are GET \/one/)
  })
})
