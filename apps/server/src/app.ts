import { appRouter, JsonText, StoredList, type ContractVersion } from '@casebook/api'
import {
  createStreamSlots,
  requestErrorOf,
  requestId,
  RequestError,
  restRoutes,
  sendProblem,
} from '@casebook/rest'
import cookie from '@fastify/cookie'
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { createContext, type ContextDeps } from './context.ts'
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
import { addSecurityHeaders } from './security-headers.ts'
import { registerSystemRoutes } from './system-routes.ts'
import { registerTrpc } from './trpc.ts'
import { answerUnreadable } from './unreadable-requests.ts'

export type AppOptions = ContextDeps & {
  /** Resolves when the database answers. */
  readonly ping: () => Promise<unknown>
  readonly logger: FastifyBaseLogger
  readonly version: string
  readonly trustProxy: TrustedProxies
  readonly corsOrigins: readonly string[]
  readonly maxStreams: number
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
  /** Told of an answer that the contract does not declare; it is counted and logged as well. */
  readonly onUndeclared?: (what: string) => void
}

/** Builds the server: transports, documents and what operators watch. It does not listen yet. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { logger, version, publicUrl, fingerprintKey } = options
  const problemOf = createProblemOf(publicUrl)
  const app: FastifyInstance = fastify({
    loggerInstance: logger,
    genReqId: requestId,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    trustProxy: options.trustProxy,
    bodyLimit: 1024 * 1024,
    requestTimeout: 30_000,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    rewriteUrl: rewriteDocsUrl,
    clientErrorHandler: answerUnreadable(publicUrl),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 4096 },
    // No route has a schema of Fastify's; its own compilers of them would load ajv with each start.
    schemaController: { compilersFactory: { buildValidator: refuseSchemas, buildSerializer: refuseSchemas } },
    frameworkErrors: (error, _request, reply) =>
      void sendProblem(reply, problemOf(requestErrorOf(error), undefined), error),
  })

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    if (request.headers.authorization !== undefined || request.headers.cookie !== undefined)
      reply.header('cache-control', 'no-store')
  })
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

  addSecurityHeaders(app, { isSecure: publicUrl.startsWith('https:') })
  if (options.corsOrigins.length > 0) {
    const { default: cors } = await import('@fastify/cors')
    await app.register(cors, { origin: [...options.corsOrigins], credentials: true, maxAge: 600 })
  }
  await app.register(cookie)

  app.setErrorHandler((error, _request, reply) => {
    const known = requestErrorOf(error)
    return sendProblem(reply, problemOf(known, undefined), known)
  })
  app.setNotFoundHandler((request, reply) => {
    const allowed = methodsOf(app, request.url)
    if (allowed.length === 0)
      return sendProblem(
        reply,
        problemOf(new RequestError('NOT_FOUND', 'There is nothing at this path.'), undefined),
      )
    const allow = allowed.join(', ')
    const error = new RequestError('METHOD_NOT_SUPPORTED', `Use one of ${allow}.`)
    return sendProblem(reply.header('allow', allow), problemOf(error, undefined))
  })

  const streamSlots = createStreamSlots(options.maxStreams)
  await app.register(
    restRoutes({
      router: appRouter,
      createContext: (call) => createContext(options, call),
      problemOf,
      fingerprintKey,
      publicUrl,
      streamSlots,
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
    contract: options.contract,
    onUndeclared: undeclared,
  })
  registerSystemRoutes(app, { report: reportMetrics, version, ping: options.ping })
  registerPageStyle(app)
  registerProblemPages(app)
  registerResetPage(app, options)
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

function refuseSchemas(): never {
  throw new Error('inputs and outputs are described by the contract, not by schemas of Fastify')
}

/** The methods that a path without parameters takes. */
function methodsOf(app: FastifyInstance, url: string): string[] {
  const path = url.split('?')[0]?.replace(/(?<=.)\/$/, '') ?? '/'
  return app.supportedMethods.filter((method) => app.hasRoute({ url: path, method })).toSorted()
}
