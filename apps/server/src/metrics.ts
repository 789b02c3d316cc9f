import type { FastifyInstance } from 'fastify'
import type { Counter, Histogram, MetricObjectWithValues, MetricValue, Registry } from 'prom-client'

export type MetricsReport = { readonly contentType: string; readonly text: string }

/** The metrics of a process, as values that can be sent to another one. */
export type MetricValues = MetricObjectWithValues<MetricValue<string>>[]

export type Metrics = {
  observe(app: FastifyInstance): void
  /** Counts an answer that the contract does not declare. */
  countUndeclared(): void
  readonly report: () => Promise<MetricsReport>
  values(): Promise<MetricValues>
}

type Instruments = {
  readonly registry: Registry
  readonly requests: Counter<'method' | 'route' | 'status'>
  readonly durations: Histogram<'method' | 'route'>
  readonly undeclared: Counter
}

/**
 * Makes the metrics of one process. Labels are routes, methods and statuses; never an id, a name or a path as
 * sent. The library is loaded when there is something to count, so that it holds up no start.
 */
export function createMetrics(): Metrics {
  let loading: Promise<Instruments> | undefined
  let loaded: Instruments | undefined
  const load = () => (loading ??= createInstruments().then((made) => (loaded = made)))
  const count = (work: (instruments: Instruments) => void) => {
    if (loaded === undefined) void load().then(work)
    else work(loaded)
  }
  return {
    countUndeclared: () => count(({ undeclared }) => undeclared.inc()),
    observe(app) {
      app.addHook('onResponse', (request, reply, done) => {
        const route = request.routeOptions.url ?? 'unknown'
        const { method } = request
        const { statusCode: status, elapsedTime } = reply
        count(({ requests, durations }) => {
          requests.inc({ method, route, status })
          durations.observe({ method, route }, elapsedTime / 1000)
        })
        done()
      })
    },
    async report() {
      const { registry } = await load()
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
    values: async () => (await load()).registry.getMetricsAsJSON(),
  }
}

async function createInstruments(): Promise<Instruments> {
  const { collectDefaultMetrics, Counter, Histogram, Registry } = await import('prom-client')
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'casebook_' })
  const registers = [registry]
  return {
    registry,
    requests: new Counter({
      name: 'casebook_http_requests_total',
      help: 'Answered requests',
      labelNames: ['method', 'route', 'status'],
      registers,
    }),
    durations: new Histogram({
      name: 'casebook_http_request_duration_seconds',
      help: 'Time from the first byte of a request to the last of its answer',
      labelNames: ['method', 'route'],
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
      registers,
    }),
    undeclared: new Counter({
      name: 'casebook_undeclared_answers_total',
      help: 'Answers that the contract does not declare; each is a fault of ours',
      registers,
    }),
  }
}
