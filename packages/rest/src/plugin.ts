import { randomBytes } from 'node:crypto'
import type { AnyRouter } from '@trpc/server'
import type {
  FastifyInstance,
  FastifyPluginAsync,
  FastifyReply,
  FastifyRequest,
  HTTPMethods,
  onSendAsyncHookHandler,
} from 'fastify'
import { compileDeclared, type FailuresOf } from './declared.ts'
import type { ProcedureMeta } from './meta.ts'
import { leastPace, type Pace } from './paced-text.ts'
import { defaultProblemOf, requestErrorOf, sendProblem, type ProblemOf } from './problems.ts'
import { RequestError } from './request-error.ts'
import { compileHandler, type Handler, type RestCall } from './routes.ts'
import { compileSerialiser, type Serialise } from './serialise.ts'
import { assertStatusesDeclared } from './sound-meta.ts'
import { noStoredAnswers, type StoredAnswers } from './stored-answers.ts'
import { createStreamSlots, type StreamSlots } from './stream-slots.ts'
import { walkRouter, type RestProcedure } from './walk.ts'

export type RestOptions = {
  readonly router: AnyRouter
  /** Makes the context of a call; may be async. */
  readonly createContext: (call: RestCall) => unknown
  readonly problemOf?: ProblemOf
  /**
   * Key of the keyed hash by which requests with one idempotency key are compared; the same in every process that
   * shares these keys. Without it, one is made up for this process.
   */
  readonly fingerprintKey?: Uint8Array
  /** What `Link` begins with. */
  readonly publicUrl?: string
  /** Bounds the whole lists that are answered at once, together with whoever shares it; 8 by default. */
  readonly streamSlots?: StreamSlots
  /** How slowly a whole list may be read; 8 kB a second by default. */
  readonly pace?: Pace
  /** How answers are told that are stored as JSON text, and need not be serialised. */
  readonly stored?: StoredAnswers
  /** Failures that a procedure declares; with `onUndeclared`, every answer is held against them. */
  readonly failuresOf?: FailuresOf
  /** Told of an answer whose status or content type its procedure does not declare. */
  readonly onUndeclared?: (what: string, request: FastifyRequest) => void
}

type Candidate = {
  readonly procedure: RestProcedure
  readonly handle: Handler
  readonly fits: (params: unknown) => boolean
}

const allMethods: readonly HTTPMethods[] = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
]

/**
 * Makes the Fastify plugin that serves every procedure with `rest` in its meta as a route of its own. Throws at
 * boot a sentence for a router that cannot be served.
 */
export function restRoutes(options: RestOptions): FastifyPluginAsync {
  const problemOf = options.problemOf ?? defaultProblemOf
  const procedures = walkRouter(options.router)
  const { failuresOf, fingerprintKey = randomBytes(32) } = options
  if (failuresOf !== undefined)
    for (const procedure of procedures) assertStatusesDeclared(procedure, failuresOf(procedure.meta))
  const slots = options.streamSlots ?? createStreamSlots(8)

  return async (app) => {
    keepBodiesAsBytes(app)
    for (const [url, group] of byUrl(procedures)) {
      const methods = new Map<string, Candidate[]>()
      for (const procedure of group) {
        const objectSerialiser = serialiserOfObject(procedure, procedures)
        const { publicUrl = '', stored = noStoredAnswers, pace = leastPace } = options
        const { prefix } = app
        const deps = { ...options, fingerprintKey, publicUrl, prefix, slots, pace, stored, objectSerialiser }
        const candidate = { procedure, handle: compileHandler(procedure, deps), fits: fitsOf(procedure) }
        methods.set(procedure.rest.method, [...(methods.get(procedure.rest.method) ?? []), candidate])
      }
      for (const [method, candidates] of methods) {
        assertDistinct(candidates)
        const onSend = checkDeclared(candidates, options)
        route(app, { method: [method], url, handler: dispatch(candidates, problemOf), onSend })
      }
      refuseOthers(app, { url, allowed: [...methods.keys()], problemOf })
    }
    app.setErrorHandler((error, _request, reply) => fail(reply, error, { problemOf }))
  }
}

/** Makes the hook that holds each answer of a route against what its procedures declare. */
function checkDeclared(
  candidates: readonly Candidate[],
  { failuresOf, onUndeclared }: RestOptions,
): onSendAsyncHookHandler | undefined {
  if (failuresOf === undefined || onUndeclared === undefined) return undefined
  const undeclared = compileDeclared(
    candidates.map(({ procedure }) => procedure),
    failuresOf,
  )
  return async (request, reply) => {
    const what = undeclared(reply)
    if (what !== null) onUndeclared(what, request)
  }
}

function fail(
  reply: FastifyReply,
  thrown: unknown,
  { problemOf, meta }: { problemOf: ProblemOf; meta?: ProcedureMeta },
) {
  const error = requestErrorOf(thrown, reply.request)
  return sendProblem(reply, problemOf(error, meta), error)
}

/** Bodies are parsed when access is decided, so Fastify only collects them. */
function keepBodiesAsBytes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  )
}

function dispatch(candidates: readonly Candidate[], problemOf: ProblemOf): Handler {
  return async (request, reply) => {
    const chosen = candidates.find(({ fits }) => fits(request.params))
    try {
      if (chosen === undefined) throw new RequestError('NOT_FOUND', 'There is no such thing.')
      return await chosen.handle(namedParams(request, chosen.procedure), reply)
    } catch (error) {
      return fail(reply, error, {
        problemOf,
        ...(chosen === undefined ? {} : { meta: chosen.procedure.meta }),
      })
    }
  }
}

/** Routes know path parameters by their places; the procedure knows them by name. */
function namedParams(request: FastifyRequest, { pathFields }: RestProcedure): FastifyRequest {
  const placed = request.params as Record<string, unknown>
  request.params = Object.fromEntries(pathFields.map((field, place) => [field, placed[`p${place}`]]))
  return request
}

function fitsOf({ pathFields, rest }: RestProcedure): (params: unknown) => boolean {
  const patterns = pathFields.flatMap((field, place) => {
    const source = rest.match?.[field]
    return source === undefined ? [] : [[`p${place}`, new RegExp(source)] as const]
  })
  return (params) =>
    patterns.every(([name, pattern]) => pattern.test(String((params as Record<string, unknown>)[name])))
}

function refuseOthers(
  app: FastifyInstance,
  { url, allowed, problemOf }: { url: string; allowed: readonly string[]; problemOf: ProblemOf },
): void {
  const allow = [...allowed, ...(allowed.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].toSorted().join(', ')
  const refused = allMethods.filter(
    (method) => !allow.includes(method) && app.supportedMethods.includes(method),
  )
  route(app, {
    method: refused,
    url,
    handler: (_request, reply) =>
      fail(reply.header('allow', allow), new RequestError('METHOD_NOT_SUPPORTED', `Use one of ${allow}.`), {
        problemOf,
      }),
  })
  route(app, {
    method: ['OPTIONS'],
    url,
    handler: (_request, reply) => reply.code(204).header('allow', allow).send(),
  })
}

type Route = {
  method: HTTPMethods[]
  url: string
  handler: (request: FastifyRequest, reply: FastifyReply) => unknown
  onSend?: onSendAsyncHookHandler | undefined
}

/** Serves a path with and without a slash at its end. */
function route(app: FastifyInstance, { method, url, handler, onSend }: Route): void {
  const isSlashIgnored = app.initialConfig.routerOptions?.ignoreTrailingSlash ?? false
  for (const path of isSlashIgnored ? [url] : [url, `${url}/`])
    app.route({ method, url: path, handler, ...(onSend === undefined ? {} : { onSend }) })
}

function byUrl(procedures: readonly RestProcedure[]): Map<string, RestProcedure[]> {
  const groups = new Map<string, RestProcedure[]>()
  for (const procedure of procedures) {
    let place = 0
    const url = procedure.rest.path.replaceAll(/\{\w+\}/g, () => `:p${place++}`)
    groups.set(url, [...(groups.get(url) ?? []), procedure])
  }
  return groups
}

function assertDistinct(candidates: readonly Candidate[]): void {
  const indistinct = candidates.filter(({ procedure }) => procedure.rest.match === undefined)
  if (candidates.length < 2 || indistinct.length === 0) return
  const names = candidates.map(({ procedure }) => procedure.name).join(' and ')
  throw new Error(
    `${names}: both are ${candidates[0]?.procedure.rest.method} ${candidates[0]?.procedure.rest.path}; tell them apart by match.`,
  )
}

/** `If-Match` is about what GET answers at this path or the one above it, else about the procedure's own output. */
function serialiserOfObject({ rest, objectSchema }: RestProcedure, all: readonly RestProcedure[]): Serialise {
  const above = all
    .filter(
      (other) =>
        other.rest.method === 'GET' &&
        other.rest.list === undefined &&
        isAtOrAbove(other.rest.path, rest.path),
    )
    .toSorted((a, b) => b.rest.path.length - a.rest.path.length)[0]
  return compileSerialiser(above?.objectSchema ?? objectSchema)
}

function isAtOrAbove(above: string, path: string): boolean {
  return path === above || (path.startsWith(`${above}/`) && above.includes('{'))
}
