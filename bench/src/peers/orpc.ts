// oRPC: its OpenAPI handler on Node's own server. CHECKED=true declares outputs, too, which are then
// parsed.
import { createServer } from 'node:http'
import { OpenAPIHandler } from '@orpc/openapi/node'
import { ORPCError, os } from '@orpc/server'
import { z } from 'zod'
import { BookSchema } from './common/book-schema.ts'
import { createCatalogue } from './common/catalogue.ts'
import { openPool } from './common/pool.ts'

const catalogue = createCatalogue(openPool())

const isChecked = process.env['CHECKED'] === 'true'
const listing = os
  .route({ method: 'GET', path: '/books' })
  .input(z.object({ limit: z.coerce.number().int().min(1).max(1000), after: z.string().optional() }))
const getting = os.route({ method: 'GET', path: '/books/{id}' }).input(z.object({ id: z.string() }))
const list = ({ input }: { input: { limit: number; after?: string | undefined } }) => catalogue.list(input)
const get = async ({ input }: { input: { id: string } }) => {
  const book = await catalogue.get(input.id)
  if (book === null) throw new ORPCError('NOT_FOUND')
  return book
}

const router = {
  list: isChecked ? listing.output(z.array(BookSchema)).handler(list) : listing.handler(list),
  get: isChecked ? getting.output(BookSchema).handler(get) : getting.handler(get),
  health: os.route({ method: 'GET', path: '/healthz' }).handler(() => ({ status: 'ok' })),
}

const handler = new OpenAPIHandler(router)
const server = createServer(async (request, response) => {
  const { matched } = await handler.handle(request, response)
  if (matched) return
  response.statusCode = 404
  response.end()
})
server.listen(Number(process.env['PORT']), '127.0.0.1')
