// The same three answers over a bare Fastify route, over `@casebook/rest` and over tRPC's own adapter, out of memory:
// what is left is what each way costs. Tells its CPU time at /cpu; started by requests.ts.
import { Readable } from 'node:stream'
import { restRoutes, type ProcedureMeta } from '@casebook/rest'
import { initTRPC } from '@trpc/server'
import { fastifyTRPCPlugin } from '@trpc/server/adapters/fastify'
import fastJsonStringify from 'fast-json-stringify'
import fastify from 'fastify'
import { z } from 'zod'

const Book = z.strictObject({
  id: z.string(),
  title: z.string(),
  subjects: z.array(z.string()),
  contributors: z.array(
    z.strictObject({ author: z.strictObject({ id: z.string(), name: z.string() }), role: z.string() }),
  ),
  version: z.int(),
})
type Book = z.infer<typeof Book>
const book = (place: number): Book => ({
  id: `book_${place}`,
  title: `Notes on “Nursing”, volume ${place}`,
  subjects: ['Nursing', 'Hygiene'],
  contributors: [
    { author: { id: `author_${place}`, name: 'Florence Nightingale' }, role: 'author' },
    { author: { id: `author_${place + 1}`, name: 'William Osler' }, role: 'editor' },
  ],
  version: 1,
})
const all = Array.from({ length: 10_000 }, (_, place) => book(place))
/** Outputs are not parsed here, as they are not in production. */
const unchecked = <T extends z.ZodType>(schema: T) =>
  Object.assign((value: unknown) => value as z.output<T>, { schema })

const t = initTRPC.meta<ProcedureMeta>().create()
const Listing = z.strictObject({ limit: z.int().min(1).max(1000).default(50), cursor: z.string().optional() })
const Page = z.strictObject({ items: z.array(Book), nextCursor: z.string().nullable() })
const router = t.router({
  one: t.procedure
    .meta({ rest: { method: 'GET', path: '/books/{id}' } })
    .input(z.strictObject({ id: z.string() }))
    .output(unchecked(Book))
    .query(() => all[0] ?? book(0)),
  list: t.procedure
    .meta({ rest: { method: 'GET', path: '/books', list: { stream: 'stream' } } })
    .input(Listing)
    .output(unchecked(Page))
    .query(({ input }) => ({ items: all.slice(0, input.limit), nextCursor: String(input.limit) })),
  stream: t.procedure.input(z.strictObject({})).query(async function* () {
    yield* all
  }),
})

const app = fastify()
await app.register(restRoutes({ router, createContext: () => ({}) }), { prefix: '/rest' })
await app.register(fastifyTRPCPlugin, { prefix: '/trpc', trpcOptions: { router } })

const bookSchema = z.toJSONSchema(Book) as fastJsonStringify.Schema
const writeBook = fastJsonStringify(bookSchema)
const writeBooks = fastJsonStringify({ type: 'array', items: bookSchema })
const json = 'application/json; charset=utf-8'
app.get('/bare/books/:id', (_request, reply) => reply.type(json).send(writeBook(all[0] ?? book(0))))
app.get<{ Querystring: { limit?: string } }>('/bare/books', (request, reply) => {
  const { limit } = request.query
  if (limit !== undefined) return reply.type(json).send(writeBooks(all.slice(0, Number(limit))))
  return reply.type(json).send(Readable.from(text()))
})
app.get('/cpu', () => {
  const { user, system } = process.cpuUsage()
  return { ms: (user + system) / 1000 }
})

/** The list as a hand-written route would stream it: 250 books at a time. */
async function* text() {
  for (let place = 0; place < all.length; place += 250) {
    const part = writeBooks(all.slice(place, place + 250)).slice(1, -1)
    yield (place === 0 ? '[' : ',') + part
  }
  yield ']'
}

process.stdout.write(`${await app.listen({ host: '127.0.0.1', port: 0 })}\n`)
