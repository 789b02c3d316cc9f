import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client'

export type Metrics = {
  readonly registry: Registry
  observe(app: FastifyInstance): void
  /** Counts an answer that the contract does not declare. */
  countUndeclared(): void
}

/** Makes the metrics of one server. Labels are routes, methods and statuses; never an id, a name or a path as sent. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'casebook_' })
  const labelNames = ['method', 'route', 'status'] as const
  const requests = new Counter({
    name: 'casebook_http_requests_total',
    help: 'Answered requests',
    labelNames,
    registers: [registry],
  })
  const durations = new Histogram({
    name: 'casebook_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last of its answer',
    labelNames: ['method', 'route'] as const,
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  })
  const undeclared = new Counter({
    name: 'casebook_undeclared_answers_total',
    help: 'Answers that the contract does not declare; each is a fault of ours',
    registers: [registry],
  })
  return {
    registry,
    countUndeclared: () => undeclared.inc(),
    observe(app) {
      app.addHook('onResponse', (request, reply, done) => {
        const route = request.routeOptions.url ?? 'unknown'
        const method = request.method
        requests.inc({ method, route, status: reply.statusCode })
        durations.observe({ method, route }, reply.elapsedTime / 1000)
        done()
      })
    },
  }
}
