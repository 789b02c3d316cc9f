// trpc-to-openapi: REST paths of a tRPC router, by its plugin for Fastify.
import { initTRPC, TRPCError } from '@trpc/server'
import fastify from 'fastify'
import { fastifyTRPCOpenApiPlugin, type OpenApiMeta } from 'trpc-to-openapi'
import { z } from 'zod'
import { BookSchema } from './common/book-schema.ts'
import { createCatalogue } from './common/catalogue.ts'
import { openPool } from './common/pool.ts'

const catalogue = createCatalogue(openPool())
const t = initTRPC.meta<OpenApiMeta>().create()

const router = t.router({
  list: t.procedure
    .meta({ openapi: { method: 'GET', path: '/books' } })
    .input(z.object({ limit: z.number().int().min(1).max(1000), after: z.string().optional() }))
    .output(z.array(BookSchema))
    .query(({ input }) => catalogue.list(input)),
  get: t.procedure
    .meta({ openapi: { method: 'GET', path: '/books/{id}' } })
    .input(z.object({ id: z.string() }))
    .output(BookSchema)
    .query(async ({ input }) => {
      const book = await catalogue.get(input.id)
      if (book === null) throw new TRPCError({ code: 'NOT_FOUND' })
      return book
    }),
})

const app = fastify()
app.get('/healthz', () => ({ status: 'ok' }))
await app.register(fastifyTRPCOpenApiPlugin, { router })
await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) })
