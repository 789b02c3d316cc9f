// ts-rest, its release candidate that takes zod 4, with its plugin for Fastify.
import { initContract } from '@ts-rest/core'
import { initServer } from '@ts-rest/fastify'
import fastify from 'fastify'
import { z } from 'zod'
import { BookSchema } from './common/book-schema.ts'
import { createCatalogue } from './common/catalogue.ts'
import { openPool } from './common/pool.ts'

const catalogue = createCatalogue(openPool())
const c = initContract()
const contract = c.router({
  list: {
    method: 'GET',
    path: '/books',
    query: z.object({ limit: z.coerce.number().int().min(1).max(1000), after: z.string().optional() }),
    responses: { 200: z.array(BookSchema) },
  },
  get: {
    method: 'GET',
    path: '/books/:id',
    pathParams: z.object({ id: z.string() }),
    responses: { 200: BookSchema, 404: z.null() },
  },
})

const s = initServer()
const router = s.router(contract, {
  list: async ({ query }) => ({ status: 200, body: await catalogue.list(query) }),
  get: async ({ params }) => {
    const book = await catalogue.get(params.id)
    return book === null ? { status: 404, body: null } : { status: 200, body: book }
  },
})

const app = fastify()
app.get('/healthz', () => ({ status: 'ok' }))
await app.register(s.plugin(router))
await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) })
