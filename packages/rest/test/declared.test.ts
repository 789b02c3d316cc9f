import { initTRPC, TRPCError } from '@trpc/server'
import fastify, { type FastifyReply } from 'fastify'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { restRoutes, type ProcedureMeta } from '../src/index.ts'

const t = initTRPC.context<{ reply: FastifyReply }>().meta<ProcedureMeta>().create()

/** Serves one procedure, and tells what it answered without having declared it. */
async function undeclaredOf(act: (reply: FastifyReply) => unknown): Promise<string[]> {
  const router = t.router({
    one: t.procedure
      .meta({ rest: { method: 'GET', path: '/one' } })
      .output(z.object({ id: z.string() }))
      .query(({ ctx }) => {
        act(ctx.reply)
        return { id: 'x' }
      }),
  })
  const app = fastify()
  const told: string[] = []
  const failuresOf = () => [{ status: 404, reason: 'not-found', title: 'Not found', code: 'NOT_FOUND' }]
  const onUndeclared = (what: string) => void told.push(what)
  await app.register(
    restRoutes({ router, createContext: ({ reply }) => ({ reply }), failuresOf, onUndeclared }),
  )
  await app.inject('/one')
  return told
}
const fail = (code: TRPCError['code']) => () => {
  throw new TRPCError({ code })
}

test.each<[what: string, act: (reply: FastifyReply) => unknown, told: string[]]>([
  ['what is declared', () => undefined, []],
  ['a failure that is declared', fail('NOT_FOUND'), []],
  ['a failure that is not', fail('CONFLICT'), ['one: the status 409 is not declared']],
  [
    'a header of ours that is not',
    (reply) => reply.header('link', '<x>'),
    ['one: 200 with the header link, which is not declared'],
  ],
])('%s', async (_what, act, told) => {
  expect(await undeclaredOf(act)).toEqual(told)
})

test('a content type that is not declared is told', async () => {
  const router = t.router({
    one: t.procedure
      .meta({ rest: { method: 'GET', path: '/one' } })
      .output(z.object({ id: z.string() }))
      .query(() => ({ id: 'x' })),
  })
  const app = fastify()
  const told: string[] = []
  // A hook of somebody else changes what the procedure declared.
  app.addHook('onSend', async (_request, reply, payload) => {
    reply.type('text/html')
    return payload
  })
  await app.register(
    restRoutes({
      router,
      createContext: ({ reply }) => ({ reply }),
      failuresOf: () => [],
      onUndeclared: (what) => void told.push(what),
    }),
  )
  await app.inject('/one')
  expect(told).toEqual(['one: 200 with «text/html», declared is application/json'])
})
