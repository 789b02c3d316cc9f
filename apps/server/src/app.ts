import { appRouter, JsonText, StoredList, type Context, type ContractVersion } from '@casebook/api'
import { networkOf, type LimitSettings } from '@casebook/core'
import {
  createStreamSlots,
  leastPace,
  requestErrorOf,
  requestId,
  RequestError,
  restRoutes,
  sendProblem,
  type ListReader,
  type Pace,
} from '@casebook/rest'
import cookie from '@fastify/cookie'
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
} from 'fastify'
import { contextEvenIfRefused, type ContextDeps } from './context.ts'
import { cookieNameOf } from './cookies.ts'
import { registerDocs, rewriteDocsUrl } from './docs-page.ts'
import { endIdleConnections } from './idle-connections.ts'
import { logAnswers } from './log.ts'
import { createMetrics, type Metrics, type MetricsReport } from './metrics.ts'
import { createDocument, failuresOf } from './openapi.ts'
import { createProblemOf } from './problem-of.ts'
import { registerPageStyle } from './html-page.ts'
import { registerProblemPages } from './problem-pages.ts'
import type { TrustedProxies } from './proxies.ts'
import { registerResetPage } from './reset-page.ts'
import type { RunningWork } from './running-work.ts'
import { addSecurityHeaders, securityHeaders } from './security-headers.ts'
import { registerSystemRoutes } from './system-routes.ts'
import { registerTrpc } from './trpc.ts'
import { answerUnexpected, answerUnreadable } from './unreadable-requests.ts'
import { registerVerificationPage } from './verification-page.ts'

export type AppOptions = ContextDeps & {
  /** Resolves when the database answers. */
  readonly ping: () => Promise<unknown>
  readonly logger: FastifyBaseLogger
  readonly version: string
  readonly trustProxy: TrustedProxies
  readonly corsOrigins: readonly string[]
  readonly maxStreams: number
  /** Without limits one caller may take all whole lists. */
  readonly limits?: Partial<Pick<LimitSettings, 'isOn'>>
  /** The same in every process of a database. */
  readonly fingerprintKey: Uint8Array
  /** The version of the contract that typed clients are held against. */
  readonly contract?: ContractVersion
  /** User names of live sample accounts, which the docs page names. */
  readonly sampleAccounts?: readonly string[]
  /** Where answers are counted. */
  readonly metrics?: Metrics | undefined
  /** What `/metrics` answers; by default what this process has counted. */
  readonly reportMetrics?: (() => Promise<MetricsReport>) | undefined
  /** Watches what routes have under way. */
  readonly work?: RunningWork | undefined
  /** How long callers may take; shorter in tests. */
  readonly patience?: Patience
  /** Told of an answer that the contract does not declare; it is counted and logged as well. */
  readonly onUndeclared?: (what: string) => void
}

/** How long a caller may take, in milliseconds. */
export type Patience = {
  /** From the first byte of a request until its headers are there. */
  readonly headersMs: number
  /** Until the whole request is there. */
  readonly requestMs: number
  /** Without a byte in either direction, such as when an answer is not read. */
  readonly silenceMs: number
  /** How often requests are looked at whether they are late. */
  readonly checkMs: number
  /** For the reader of a whole list. */
  readonly pace: Pace
}

const defaultPatience: Patience = {
  headersMs: 10_000,
  requestMs: 30_000,
  silenceMs: 120_000,
  checkMs: 1000,
  pace: leastPace,
}

/** Builds the server: transports, documents and what operators watch. It does not listen yet. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { logger, version, publicUrl, fingerprintKey, patience = defaultPatience } = options
  const problemOf = createProblemOf(publicUrl)
  const safety = securityHeaders(publicUrl)
  const unreadable = answerUnreadable(publicUrl, safety)
  const app: FastifyInstance = fastify({
    loggerInstance: logger,
    genReqId: requestId,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    trustProxy: options.trustProxy,
    bodyLimit: 1024 * 1024,
    requestTimeout: patience.requestMs,
    connectionTimeout: patience.silenceMs,
    http: { headersTimeout: patience.headersMs, connectionsCheckingInterval: patience.checkMs },
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    rewriteUrl: rewriteDocsUrl,
    clientErrorHandler: unreadable,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 4096 },
    // No route has a schema of Fastify's; its own compilers of them would load ajv with each start.
    schemaController: { compilersFactory: { buildValidator: refuseSchemas, buildSerializer: refuseSchemas } },
    // No hook runs before these.
    frameworkErrors: (error, request, reply) =>
      void sendProblem(
        reply.headers({ ...safety, 'x-request-id': request.id, 'cache-control': 'no-store' }),
        problemOf(requestErrorOf(error, request), undefined),
        error,
      ),
  })

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    if (isPrivate(request)) reply.header('cache-control', 'no-store')
  })
  const methodsOf = listMethods(app)
  answerUnexpected(app, unreadable)
  endIdleConnections(app)
  options.work?.observe(app)
  logAnswers(app)
  const { metrics = createMetrics(), reportMetrics = metrics.report } = options
  metrics.observe(app)
  const undeclared = (what: string, id: string) => {
    metrics.countUndeclared()
    logger.error({ requestId: id, what }, 'an answer that the contract does not declare')
    options.onUndeclared?.(what)
  }

  addSecurityHeaders(app, safety)
  if (options.corsOrigins.length > 0) {
    const { default: cors } = await import('@fastify/cors')
    await app.register(cors, { origin: [...options.corsOrigins], credentials: true, maxAge: 600 })
  }
  await app.register(cookie)

  app.setErrorHandler((error, request, reply) => {
    const known = requestErrorOf(error, request)
    return sendProblem(reply, problemOf(known, undefined), known)
  })
  app.setNotFoundHandler((request, reply) => {
    const allowed = methodsOf(request.url)
    if (allowed.length === 0)
      return sendProblem(
        reply,
        problemOf(new RequestError('NOT_FOUND', 'There is nothing at this path.'), undefined),
      )
    const allow = allowed.join(', ')
    const error = new RequestError('METHOD_NOT_SUPPORTED', `Use one of ${allow}.`)
    return sendProblem(reply.header('allow', allow), problemOf(error, undefined))
  })

  const streamSlots = createStreamSlots(
    options.maxStreams,
    options.limits?.isOn === false ? undefined : (ctx) => readerOf(ctx as Context),
  )
  await app.register(
    restRoutes({
      router: appRouter,
      createContext: (call) => contextEvenIfRefused(options, call),
      problemOf,
      fingerprintKey,
      publicUrl,
      streamSlots,
      pace: patience.pace,
      stored: {
        partsOf: (value) => (value instanceof JsonText ? value.parts : undefined),
        runsOf: (list, separator) => (list instanceof StoredList ? list.runs(separator) : undefined),
      },
      failuresOf,
      onUndeclared: (what, request) => undeclared(what, request.id),
    }),
  )
  await registerTrpc(app, options, {
    problemOf,
    fingerprintKey,
    streamSlots,
    pace: patience.pace,
    contract: options.contract,
    onUndeclared: undeclared,
  })
  registerSystemRoutes(app, { report: reportMetrics, version, ping: options.ping })
  registerPageStyle(app)
  registerProblemPages(app)
  registerResetPage(app, options)
  registerVerificationPage(app, options)
  registerDocs(app, () =>
    createDocument({
      version,
      publicUrl,
      cookieName: cookieNameOf(publicUrl),
      sampleAccounts: options.sampleAccounts ?? [],
    }),
  )
  return app
}

function readerOf({ caller }: Context): ListReader {
  return { network: networkOf(caller.address), account: caller.user?.id ?? null }
}

function refuseSchemas(): never {
  throw new Error('inputs and outputs are described by the contract, not by schemas of Fastify')
}

/** What is asked for with a credential, and what a change answers, such as the token of a login, is for nobody else. */
function isPrivate({ method, headers }: FastifyRequest): boolean {
  const isRead = method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
  return !isRead || headers.authorization !== undefined || headers.cookie !== undefined
}

/**
 * Makes what gives the methods that a path without parameters takes. The routes are noted as they are made: asked for
 * one later, Fastify takes the path of a request for a pattern, and fails on a star in it.
 */
function listMethods(app: FastifyInstance): (url: string) => string[] {
  const methods = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const path = withoutSlash(url)
    if (/[:*]/.test(path)) return
    const known = methods.get(path) ?? new Set()
    methods.set(path, known)
    for (const one of [method].flat()) known.add(one)
  })
  return (url) => [...(methods.get(withoutSlash(url.split('?')[0] ?? '/')) ?? [])].toSorted()
}

function withoutSlash(path: string): string {
  return path.replace(/(?<=.)\/$/, '')
}
