// The yardstick: routes of Fastify as somebody writes them by hand who knows it and `pg` well. Books are the join by
// one named statement, written by the serialiser that Fastify compiles of the schema. Records come in two forms:
// bare, and below /audited with the duties that ours have: whose token it is, and an entry in the audit trail.
import fastJsonStringify from 'fast-json-stringify'
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import { createCatalogue } from './common/catalogue.ts'
import { bookJsonSchema, recordJsonSchema } from './common/json-schemas.ts'
import { openPool } from './common/pool.ts'
import {
  createRecordStore,
  findActor,
  inAudited,
  type Actor,
  type FoundRecord,
} from './common/record-store.ts'

type Paging = { Querystring: { limit: number; after?: string } }
type ById = { Params: { id: string } }

const pool = openPool()
const catalogue = createCatalogue(pool)
const records = await createRecordStore(pool, fastJsonStringify(recordJsonSchema))
const app = fastify()

const querystring = {
  type: 'object',
  required: ['limit'],
  properties: { limit: { type: 'integer', minimum: 1, maximum: 1000 }, after: { type: 'string' } },
} as const
const pageSchema = { querystring, response: { 200: { type: 'array', items: bookJsonSchema } } }

app.get('/healthz', () => ({ status: 'ok' }))

app.get<Paging>('/books', { schema: pageSchema }, (request) => catalogue.list(request.query))

app.get<ById>('/books/:id', { schema: { response: { 200: bookJsonSchema } } }, async (request, reply) => {
  return (await catalogue.get(request.params.id)) ?? reply.code(404).send()
})

app.get<Paging>('/records', { schema: { querystring } }, async (request, reply) => {
  return sendAll(reply, await records.list(pool, listingOf(request)))
})

app.get<ById>('/records/:id', async (request, reply) =>
  sendOne(reply, await records.get(pool, request.params.id)),
)

app.get<Paging>('/audited/records', { schema: { querystring } }, async (request, reply) => {
  const actor = await actorOf(request)
  if (actor === null) return reply.code(401).send()
  const found = await inAudited(
    pool,
    (client) => records.list(client, listingOf(request)),
    ({ length: count }) =>
      noteOf(request, actor, { action: 'records.list', resource: null, patientId: null, count }),
  )
  return sendAll(reply, found)
})

app.get<ById>('/audited/records/:id', async (request, reply) => {
  const actor = await actorOf(request)
  if (actor === null) return reply.code(401).send()
  const { id: resource } = request.params
  const found = await inAudited(
    pool,
    (client) => records.get(client, resource),
    (record) =>
      noteOf(request, actor, {
        action: 'records.get',
        resource,
        patientId: record?.patientId ?? null,
        count: null,
      }),
  )
  return sendOne(reply, found)
})

await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) })

function listingOf({ query }: FastifyRequest<Paging>): { limit: number; after: [string, string] | null } {
  const [day, id] = query.after?.split(',') ?? []
  return { limit: query.limit, after: day === undefined || id === undefined ? null : [day, id] }
}

async function actorOf({
  headers,
}: FastifyRequest<never> | FastifyRequest<Paging> | FastifyRequest<ById>): Promise<Actor | null> {
  const token = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1]
  return token === undefined ? null : findActor(pool, token)
}

function noteOf<T>(request: { id: string }, actor: Actor, note: T) {
  return { actor, requestId: request.id, ...note }
}

function sendAll(reply: FastifyReply, found: readonly FoundRecord[]): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(`[${found.map(({ json }) => json).join(',')}]`)
}

function sendOne(reply: FastifyReply, record: FoundRecord | null): FastifyReply {
  if (record === null) return reply.code(404).send()
  return reply.type('application/json; charset=utf-8').send(record.json)
}
