import { createHmac } from 'node:crypto'
import { callTRPCProcedure, type AnyRouter } from '@trpc/server'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { compileListAnswer, type Call } from './answer-list.ts'
import { statusOfSuccess } from './declared.ts'
import { preconditionOf } from './etag.ts'
import { compileInput } from './input.ts'
import type { IdempotencyKey, Precondition } from './meta.ts'
import type { Pace } from './paced-text.ts'
import { RequestError } from './request-error.ts'
import { bufferedOf, createSendStored, json, sendBuffered } from './send-buffered.ts'
import { compileSerialiser, type Serialise } from './serialise.ts'
import type { StoredAnswers } from './stored-answers.ts'
import type { StreamSlots } from './stream-slots.ts'
import type { RestProcedure } from './walk.ts'

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
  readonly pace: Pace
  readonly stored: StoredAnswers
  /** Serialises the object that `If-Match` is about. */
  readonly objectSerialiser: Serialise
}

export type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

/** Compiles the handler of one procedure. */
export function compileHandler(procedure: RestProcedure, deps: HandlerDeps): Handler {
  const { rest, name, type } = procedure
  const { stored, slots, pace, publicUrl } = deps
  const readInput = compileInput(procedure)
  const serialise = compileSerialiser(procedure.objectSchema)
  const status = statusOfSuccess(procedure)
  const sendStored = createSendStored()

  const callOf =
    (path: string): Call =>
    (request, ctx, more) =>
      callTRPCProcedure({
        router: deps.router,
        path,
        type,
        ctx,
        signal: request.signal,
        batchIndex: 0,
        getRawInput: once(() =>
          more === undefined ? readInput(request) : Object.assign({}, readInput(request), more),
        ),
      })
  const call = callOf(name)

  const answerOne: Answer = async (request, reply, ctx) => {
    const value = await call(request, ctx)
    if (status === 204) return reply.code(204).send()
    reply.code(status)
    if (rest.location !== undefined) reply.header('location', deps.prefix + fill(rest.location, value))
    const parts = stored.partsOf(value)
    if (parts !== undefined) return sendStored(request, reply, { value: value as object, parts })
    return sendBuffered(request, reply, bufferedOf(serialise(value), json))
  }

  const answerList = (): Answer => {
    const readWhole = rest.list?.stream === undefined ? undefined : callOf(rest.list.stream)
    const lists = { readPage: call, readWhole, stored, sendStored, slots, pace, publicUrl }
    return compileListAnswer(procedure, lists)
  }

  const answer = rest.list === undefined ? answerOne : answerList()
  return async (request, reply) =>
    answer(request, reply, await deps.createContext(restCallOf(request, reply, deps)))
}

type Answer = (request: FastifyRequest, reply: FastifyReply, ctx: unknown) => Promise<FastifyReply>

/** Reads the input when it is first asked for, and once; several middlewares may ask. */
function once(read: () => unknown): () => Promise<unknown> {
  let reading: Promise<unknown> | null = null
  return () => (reading ??= (async () => read())())
}

function restCallOf(request: FastifyRequest, reply: FastifyReply, deps: HandlerDeps): RestCall {
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

/** Fills `{x}` of a template with fields of a value. */
function fill(template: string, value: unknown): string {
  const fields = value as Record<string, unknown>
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(fields[name])))
}
