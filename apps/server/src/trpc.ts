import {
  appRouter,
  assertContractFits,
  declaredErrors,
  DomainError,
  failureOf,
  ourContract,
  type ContractVersion,
  type ErrorReason,
  type Meta,
} from '@casebook/api'
import { RequestError, sendProblem, type Pace, type ProblemOf, type StreamSlots } from '@casebook/rest'
import { TRPCError } from '@trpc/server'
import type { FastifyInstance } from 'fastify'
import { anonymousContext, createContext, type ContextDeps, type ContextOptions } from './context.ts'
import { limitHeaders } from './limit-headers.ts'
import { limitBody, importBodyLimit } from './trpc-body-limit.ts'
import { createTrpcHandler } from './trpc-handler.ts'
import { idempotencyKeyOf } from './trpc-idempotency.ts'
import { createTrpcRouter } from './trpc-router.ts'
import { wellFormed } from './well-formed.ts'

const maxBatchSize = 10
/** Queries are read by GET, changes made by POST. */
const allow = 'GET, HEAD, OPTIONS, POST'

export type TrpcOptions = {
  readonly problemOf: ProblemOf
  readonly fingerprintKey: Uint8Array
  /** Bounds the whole lists, together with REST. */
  readonly streamSlots: StreamSlots
  readonly pace: Pace
  /** The version that clients are held against; ours unless a test says another. */
  readonly contract?: ContractVersion | undefined
  /** Told of a failure that its procedure does not declare. */
  readonly onUndeclared: (what: string, requestId: string) => void
}

/** Serves the contract over tRPC at `/trpc`. */
export async function registerTrpc(
  app: FastifyInstance,
  deps: ContextDeps,
  { problemOf, fingerprintKey, streamSlots, pace, contract = ourContract, onUndeclared }: TrpcOptions,
): Promise<void> {
  await app.register(
    async (scope) => {
      scope.addHook('onRequest', async (request, reply) => {
        if (request.method === 'OPTIONS') return reply.code(204).header('allow', allow).send()
        if (!allow.includes(request.method)) {
          const error = new RequestError('METHOD_NOT_SUPPORTED', `Use one of ${allow}.`)
          return sendProblem(reply.header('allow', allow), problemOf(error, undefined))
        }
        const type = request.headers['content-type']
        if (type === undefined || /^application\/json\s*(;|$)/i.test(type)) return undefined
        const error = new RequestError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json.')
        return sendProblem(reply, problemOf(error, undefined), error)
      })
      scope.addHook('onRequest', async (request, reply) => {
        const { path = '' } = request.params as { path?: string }
        if (path.split(',').length <= maxBatchSize) return undefined
        const detail = `A batch takes at most ${maxBatchSize} calls: send the others after it.`
        return sendProblem(reply, problemOf(new RequestError('BAD_REQUEST', detail), undefined))
      })
      scope.addHook('preParsing', async (request, reply, payload) => {
        if (request.method !== 'POST') return payload
        return wellFormed(payload, { answer: reply.raw, limit: await limitBody(request, reply, deps) })
      })
      // tRPC parses bodies itself, and once it is known what is called.
      scope.removeContentTypeParser('application/json')
      scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
        done(null, body),
      )
      const handle = createTrpcHandler({
        router: createTrpcRouter(streamSlots),
        maxBatchSize,
        pace,
        createContext: async ({ request, reply }, { calls }) => {
          let call: ContextOptions = { request, reply }
          try {
            const version = request.headers['casebook-contract']
            const paths = calls.map(({ path }) => path)
            assertContractFits(typeof version === 'string' ? version : undefined, paths, contract)
            call = { ...call, idempotency: idempotencyKeyOf(request, fingerprintKey) }
            return await createContext(deps, call)
          } catch (error) {
            return { ...anonymousContext(deps, call), refused: asTrpcError(error) }
          }
        },
        onError: ({ error, ctx, path }) => {
          const { reason } = failureOf(error)
          if (path !== undefined && !isDeclared(path, reason))
            onUndeclared(`${path}: the reason ${reason} is not declared`, ctx?.caller.requestId ?? '')
          if (reason !== 'unexpected') return
          app.log.error({ err: error.cause ?? error, requestId: ctx?.caller.requestId }, 'unexpected error')
        },
        responseMeta: ({ errors }) => ({
          headers: { 'cache-control': 'no-store', ...waitingHeaders(errors) },
        }),
      })
      scope.all('/:path', { bodyLimit: importBodyLimit }, handle)
    },
    { prefix: '/trpc' },
  )
}

/** Tells whether a procedure declares to fail for a reason; what is no procedure fails for being none. */
function isDeclared(path: string, reason: ErrorReason): boolean {
  const procedures = appRouter._def.procedures as unknown as Record<
    string,
    { _def: { meta?: Meta; type: 'query' | 'mutation' } } | undefined
  >
  const { meta, type } = procedures[path]?._def ?? {}
  return (
    reason === 'contract-mismatch' ||
    reason === 'method-not-allowed' ||
    meta === undefined ||
    declaredErrors(meta, type).some((declared) => declared.reason === reason)
  )
}

function asTrpcError(error: unknown): unknown {
  if (error instanceof DomainError)
    return new TRPCError({ code: error.entry.code, message: error.message, cause: error })
  return error
}

/** Says how long to wait after the failure of a batch that takes longest. */
function waitingHeaders(errors: readonly TRPCError[]): Record<string, string> {
  const [longest] = errors
    .map(failureOf)
    .filter(({ retryAfterSeconds }) => retryAfterSeconds !== undefined)
    .toSorted((a, b) => (b.retryAfterSeconds ?? 0) - (a.retryAfterSeconds ?? 0))
  if (longest === undefined) return {}
  return { 'retry-after': String(Math.ceil(longest.retryAfterSeconds ?? 0)), ...limitHeaders(longest) }
}
