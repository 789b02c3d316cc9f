// tRPC with its own Fastify adapter, as its documentation sets it up. CHECKED=true declares outputs, too, which are
// then parsed.
import { initTRPC, TRPCError } from '@trpc/server'
import { fastifyTRPCPlugin, type FastifyTRPCPluginOptions } from '@trpc/server/adapters/fastify'
import fastify from 'fastify'
import { z } from 'zod'
import { BookSchema } from './common/book-schema.ts'
import { createCatalogue } from './common/catalogue.ts'
import { openPool } from './common/pool.ts'

const isChecked = process.env['CHECKED'] === 'true'
const catalogue = createCatalogue(openPool())
const t = initTRPC.create()
const Listing = z.object({
  limit: z.number().int().min(1).max(1000).default(50),
  cursor: z.string().optional(),
})
const Page = z.object({ items: z.array(BookSchema), nextCursor: z.string().nullable() })

const listing = t.procedure.input(Listing)
const getting = t.procedure.input(z.object({ id: z.string() }))
const list = async ({ input }: { input: z.output<typeof Listing> }) => {
  const items = await catalogue.list({ limit: input.limit, after: input.cursor })
  return { items, nextCursor: items.length < input.limit ? null : (items.at(-1)?.id ?? null) }
}
const get = async ({ input }: { input: { id: string } }) => {
  const book = await catalogue.get(input.id)
  if (book === null) throw new TRPCError({ code: 'NOT_FOUND' })
  return book
}

const appRouter = t.router({
  books: isChecked
    ? t.router({ list: listing.output(Page).query(list), get: getting.output(BookSchema).query(get) })
    : t.router({ list: listing.query(list), get: getting.query(get) }),
})

const app = fastify({ routerOptions: { maxParamLength: 5000 } })
app.get('/healthz', () => ({ status: 'ok' }))
await app.register(fastifyTRPCPlugin, {
  prefix: '/trpc',
  trpcOptions: { router: appRouter, createContext: () => ({}) } satisfies FastifyTRPCPluginOptions<
    typeof appRouter
  >['trpcOptions'],
})
await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) })
