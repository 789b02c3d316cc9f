import { initTRPC } from '@trpc/server'
import fastify from 'fastify'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { restRoutes, type ProcedureMeta, type RestMeta } from '../src/index.ts'

const t = initTRPC.context<{ user: string }>().meta<ProcedureMeta>().create()
const Note = z.object({ id: z.string(), text: z.string() })
const rest = (meta: RestMeta) => t.procedure.meta({ rest: meta })
const notes = t.router({
  get: rest({ method: 'GET', path: '/notes/{id}' })
    .input(z.strictObject({ id: z.string() }))
    .output(Note)
    .query(({ ctx, input }) => ({ ...input, text: `of ${ctx.user}` })),
  create: rest({ method: 'POST', path: '/notes', status: 201, location: '/notes/{id}' })
    .input(z.strictObject({ text: z.string() }))
    .output(Note)
    .mutation(({ input }) => ({ id: 'n1', ...input })),
})

describe('the plugin is one like others', () => {
  test('under a prefix, paths and places have it', async () => {
    const app = fastify()
    await app.register(restRoutes({ router: notes, createContext: () => ({ user: 'ada' }) }), {
      prefix: '/v1',
    })
    expect((await app.inject('/v1/notes/n1')).json()).toEqual({ id: 'n1', text: 'of ada' })
    const made = await app.inject({ method: 'POST', url: '/v1/notes', payload: { text: 'x' } })
    expect([made.statusCode, made.headers['location']]).toEqual([201, '/v1/notes/n1'])
    expect((await app.inject('/notes/n1')).statusCode).toBe(404)
  })

  test('hooks around it run, and what they refuse is not called', async () => {
    const app = fastify()
    const seen: string[] = []
    app.addHook('onRequest', async (request) => void seen.push(request.url))
    app.addHook('preHandler', async (request, reply) => {
      if (request.headers['x-closed'] !== undefined) await reply.code(503).send({ closed: true })
    })
    await app.register(restRoutes({ router: notes, createContext: () => ({ user: 'ada' }) }))
    expect((await app.inject({ url: '/notes/n1', headers: { 'x-closed': 'yes' } })).json()).toEqual({
      closed: true,
    })
    expect(seen).toEqual(['/notes/n1'])
  })

  test('parsers and failures of its neighbours stay theirs', async () => {
    const app = fastify()
    await app.register(restRoutes({ router: notes, createContext: () => ({ user: 'ada' }) }))
    app.post('/echo', (request) => request.body)
    app.get('/fail', () => {
      throw new Error('mine')
    })
    const echo = await app.inject({ method: 'POST', url: '/echo', payload: { plain: true } })
    expect(echo.json()).toEqual({ plain: true })
    expect((await app.inject('/fail')).json()).toMatchObject({ message: 'mine' })
  })

  test('two routers live beside each other, each with its own context', async () => {
    const app = fastify()
    for (const user of ['ada', 'bob'])
      await app.register(restRoutes({ router: notes, createContext: () => ({ user }) }), {
        prefix: `/${user}`,
      })
    expect((await app.inject('/bob/notes/1')).json()).toEqual({ id: '1', text: 'of bob' })
  })
})

describe('meta that says what is not so is refused at boot with a sentence', () => {
  const input = z.strictObject({ id: z.string() })
  const refused = async (meta: RestMeta, more: object = {}) => {
    const procedure = rest(meta)
      .input(input)
      .output(Note)
      .mutation(() => ({ id: '', text: '' }))
    const router = t.router({ one: procedure })
    try {
      await fastify().register(restRoutes({ router, createContext: () => ({ user: '' }), ...more }))
      return 'served'
    } catch (error) {
      return error instanceof Error ? error.message : 'what was thrown is no error'
    }
  }
  const path = '/one/{id}'

  test.each<[RestMeta, string]>([
    [{ method: 'PUT', path: '/one/{key}' }, 'one: {key} of /one/{key} is no field of its input.'],
    [{ method: 'PUT', path, match: { key: '^k' } }, 'one: match names {key}, which is not in /one/{id}.'],
    [
      { method: 'PUT', path, location: '/one/{key}' },
      'one: {key} of its location is no field of its output.',
    ],
    [
      { method: 'PUT', path, input: { query: ['key'] } },
      'one: the query field key is no field of its input.',
    ],
    [
      { method: 'PUT', path, emptyIsNotFound: ['key'] },
      'one: emptyIsNotFound: key is no field of its input.',
    ],
    [{ method: 'PUT', path }, 'served'],
  ])('%o: %s', async (meta, sentence) => {
    expect(await refused(meta)).toBe(sentence)
  })

  test('a status for a failure that is not declared', async () => {
    const meta: RestMeta = { method: 'PUT', path, statuses: { taken: 409 } }
    const sentence = 'one: gives taken a status, but does not declare to fail for it.'
    expect(await refused(meta, { failuresOf: () => [] })).toBe(sentence)
    const declared = [{ reason: 'taken', status: 409, title: 'Taken', code: 'CONFLICT' }]
    expect(await refused(meta, { failuresOf: () => declared })).toBe('served')
  })

  test('statuses and methods that are none are refused by the compiler', () => {
    // @ts-expect-error -- no status of success
    const wrongSuccess: RestMeta = { method: 'PUT', path, status: 299 }
    // @ts-expect-error -- no status of a failure
    const wrongFailure: RestMeta = { method: 'PUT', path, statuses: { taken: 200 } }
    // @ts-expect-error -- no method
    const wrongMethod: RestMeta = { method: 'FETCH', path }
    expect([wrongSuccess, wrongFailure, wrongMethod]).toHaveLength(3)
  })
})
