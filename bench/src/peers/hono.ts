// Hono with its zod-openapi routes, on Node's server.
import { serve } from '@hono/node-server'
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { BookSchema } from './common/book-schema.ts'
import { createCatalogue } from './common/catalogue.ts'
import { openPool } from './common/pool.ts'

const catalogue = createCatalogue(openPool())
const listRoute = createRoute({
  method: 'get',
  path: '/books',
  request: {
    query: z.object({ limit: z.coerce.number().int().min(1).max(1000), after: z.string().optional() }),
  },
  responses: {
    200: { content: { 'application/json': { schema: z.array(BookSchema) } }, description: 'A page' },
  },
})
const getRoute = createRoute({
  method: 'get',
  path: '/books/{id}',
  request: { params: z.object({ id: z.string() }) },
  responses: {
    200: { content: { 'application/json': { schema: BookSchema } }, description: 'The book' },
    404: { description: 'There is none' },
  },
})

const app = new OpenAPIHono()
app.get('/healthz', (c) => c.json({ status: 'ok' }))
app.openapi(listRoute, async (c) => c.json(await catalogue.list(c.req.valid('query')), 200))
app.openapi(getRoute, async (c) => {
  const book = await catalogue.get(c.req.valid('param').id)
  return book === null ? c.body(null, 404) : c.json(book, 200)
})
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env['PORT']) })
