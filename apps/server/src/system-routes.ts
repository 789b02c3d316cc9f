import type { FastifyInstance } from 'fastify'
import type { MetricsReport } from './metrics.ts'

export type SystemRoutesOptions = {
  readonly report: () => Promise<MetricsReport>
  readonly version: string
  /** Resolves when the database answers. */
  readonly ping: () => Promise<unknown>
}

/** Serves liveness, readiness and metrics. */
export function registerSystemRoutes(app: FastifyInstance, options: SystemRoutesOptions): void {
  app.get('/healthz', () => ({ status: 'ok', version: options.version }))

  app.get('/readyz', async (request, reply) => {
    try {
      await options.ping()
      return { status: 'ready' }
    } catch (error) {
      request.log.warn({ err: error, requestId: request.id }, 'the database does not answer')
      return reply.code(503).header('retry-after', '2').send({ status: 'unavailable' })
    }
  })

  app.get('/metrics', async (_request, reply) => {
    const { contentType, text } = await options.report()
    return reply.type(contentType).send(text)
  })
}
