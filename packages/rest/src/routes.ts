import { createHmac } from 'node:crypto'
import { callTRPCProcedure, TRPCError, type AnyRouter } from '@trpc/server'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { statusOfSuccess } from './declared.ts'
import { etagOf, isNoneMatch, preconditionOf } from './etag.ts'
import { compileInput } from './input.ts'
import { negotiate } from './media.ts'
import type { IdempotencyKey, Precondition } from './meta.ts'
import { RequestError } from './request-error.ts'
import { compileSerialiser, type Serialise } from './serialise.ts'
import type { StreamSlots } from './stream-slots.ts'
import type { RestProcedure } from './walk.ts'
import { listForm, openList, streamList } from './whole-list.ts'

/** What the context of a call is made from. */
export type RestCall = {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly precondition: Precondition | undefined
  readonly idempotency: IdempotencyKey | undefined
}

export type HandlerDeps = {
  readonly router: AnyRouter
  readonly createContext: (call: RestCall) => unknown
  readonly fingerprintKey: Uint8Array
  readonly publicUrl: string
  /** Of the plugin's routes. */
  readonly prefix: string
  readonly slots: StreamSlots
  /** Serialises the object that `If-Match` is about. */
  readonly objectSerialiser: Serialise
}

type Page = { readonly items: object[]; readonly nextCursor: string | null }
export type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

/** Compiles the handler of one procedure. */
export function compileHandler(procedure: RestProcedure, deps: HandlerDeps): Handler {
  const { rest, name, type } = procedure
  const readInput = compileInput(procedure)
  const serialise = compileSerialiser(procedure.objectSchema)
  const columns = Object.keys(procedure.objectSchema.properties ?? {})
  const status = statusOfSuccess(procedure)

  const call = (
    path: string,
    { ctx, input, signal }: { ctx: unknown; input: () => unknown; signal: AbortSignal },
  ) =>
    callTRPCProcedure({
      router: deps.router,
      path,
      type,
      ctx,
      signal,
      batchIndex: 0,
      getRawInput: once(input),
    })

  const answerOne: Handler = async (request, reply) => {
    const ctx = await deps.createContext(callOf(request, reply, deps))
    const value = await call(name, { ctx, input: () => readInput(request), signal: request.signal })
    if (status === 204) return reply.code(204).send()
    if (rest.location !== undefined) reply.header('location', deps.prefix + fill(rest.location, value))
    return sendBuffered(request, reply.code(status), {
      body: serialise(value),
      type: 'application/json; charset=utf-8',
    })
  }

  const answerList: Handler = async (request, reply) => {
    const ctx = await deps.createContext(callOf(request, reply, deps))
    const media = negotiate(request.headers.accept)
    const form = listForm(media, { serialise, columns })
    const contentType = `${media}; charset=utf-8`
    reply.header('vary', 'accept')
    const query = request.query as Record<string, unknown>
    const isEmptyNotFound =
      rest.emptyIsNotFound === true ||
      (rest.emptyIsNotFound ?? []).some((field) => query[field] !== undefined)
    const assertFound = (items: readonly object[]) => {
      if (items.length === 0 && isEmptyNotFound)
        throw new TRPCError({ code: 'NOT_FOUND', message: 'nothing found' })
    }

    if (query['limit'] !== undefined || query['cursor'] !== undefined) {
      const page = (await call(name, {
        ctx,
        input: () => readInput(request),
        signal: request.signal,
      })) as Page
      assertFound(page.items)
      if (page.nextCursor !== null)
        reply.header('link', `<${nextUrl(request, deps.publicUrl, page.nextCursor)}>; rel="next"`)
      return sendBuffered(request, reply, {
        body: form.open + form.write(page.items, true) + form.close,
        type: contentType,
      })
    }

    const release = deps.slots.take()
    try {
      const opened = await openList(wholeList(request, ctx))
      assertFound(opened.first)
      if (opened.rest === null) {
        const body = form.open + form.write(opened.first, true) + form.close
        return await sendBuffered(request, reply, { body, type: contentType })
      }
      if (request.method === 'HEAD') {
        await opened.rest.return?.()
        return await reply.type(contentType).send()
      }
      const stream = streamList(form, opened.first, opened.rest)
      const held = release.hold()
      stream.once('close', held)
      return await reply.type(contentType).send(stream)
    } finally {
      release()
    }
  }

  /** The items of a whole list: of the procedure that streams it, else page after page. */
  async function* wholeList(request: FastifyRequest, ctx: unknown): AsyncGenerator<object, void, undefined> {
    const input = () => readInput(request) as Record<string, unknown>
    const signal = request.signal
    if (rest.list?.stream !== undefined) {
      yield* (await call(rest.list.stream, { ctx, input, signal })) as AsyncIterable<object>
      return
    }
    let cursor: string | null = null
    do {
      const after: string | null = cursor
      const paged = () => ({ ...input(), limit: 1000, ...(after === null ? {} : { cursor: after }) })
      const page = (await call(name, { ctx, input: paged, signal })) as Page
      yield* page.items
      cursor = page.nextCursor
    } while (cursor !== null)
  }

  return rest.list === undefined ? answerOne : answerList
}

/** Reads the input when it is first asked for, and once; several middlewares may ask. */
function once(read: () => unknown): () => Promise<unknown> {
  let reading: Promise<unknown> | null = null
  return () => (reading ??= (async () => read())())
}

const longText = 4096

/** Answers a body that is at hand, with its entity tag; 304 when the caller has it already. */
async function sendBuffered(
  request: FastifyRequest,
  reply: FastifyReply,
  { body, type }: { body: string; type: string },
): Promise<FastifyReply> {
  // A long text becomes bytes once, for the tag and for the way; a short one goes in one write with the headers.
  const payload = body.length < longText ? body : Buffer.from(body)
  const etag = etagOf(payload)
  reply.header('etag', etag)
  const known = request.headers['if-none-match']
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  if (isRead && known !== undefined && isNoneMatch(known, etag)) return reply.code(304).send()
  return reply.type(type).send(payload)
}

function callOf(request: FastifyRequest, reply: FastifyReply, deps: HandlerDeps): RestCall {
  const header = request.headers['if-match']
  const isChange = request.method !== 'GET' && request.method !== 'HEAD'
  return {
    request,
    reply,
    precondition: isChange ? preconditionOf(header, deps.objectSerialiser) : undefined,
    idempotency: request.method === 'POST' ? idempotencyOf(request, deps.fingerprintKey) : undefined,
  }
}

/** Reads `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): visible ASCII, 255 characters at most. */
function idempotencyOf(request: FastifyRequest, fingerprintKey: Uint8Array): IdempotencyKey | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !/^[!-~]{1,255}$/.test(key)) {
    throw new RequestError('BAD_REQUEST', 'Idempotency-Key must be 1 to 255 visible ASCII characters.')
  }
  const hash = createHmac('sha256', fingerprintKey).update(`${request.method} ${request.url.split('?')[0]}\n`)
  if (request.body instanceof Uint8Array) hash.update(request.body)
  return { key, fingerprint: hash.digest('base64url') }
}

function nextUrl(request: FastifyRequest, publicUrl: string, cursor: string): string {
  const url = new URL(request.url, 'http://localhost')
  url.searchParams.set('cursor', cursor)
  return `${publicUrl}${url.pathname}${url.search}`
}

/** Fills `{x}` of a template with fields of a value. */
function fill(template: string, value: unknown): string {
  const fields = value as Record<string, unknown>
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(fields[name])))
}
