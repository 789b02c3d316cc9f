import type { MetricsReport, MetricValues } from '../metrics.ts'

/** How long a worker may take to answer; one that is stuck is left out, and so is one that has just died. */
const waitMs = 1000

/** A worker that can be asked for what it has counted. */
export type Counting = { readonly number: number; ask(id: number): void }

/**
 * Asks workers for their metrics, and makes one report. Each series has the label `worker`: summed up, they would
 * fall when a worker ends, which reads as if all had begun anew.
 */
export function createGatherer() {
  const awaited = new Map<number, (values: MetricValues) => void>()
  let lastId = 0

  const valuesOf = (worker: Counting): Promise<MetricValues> => {
    lastId += 1
    const id = lastId
    const { promise, resolve } = Promise.withResolvers<MetricValues>()
    const timer = setTimeout(() => resolve([]), waitMs)
    awaited.set(id, resolve)
    worker.ask(id)
    return promise.finally(() => {
      clearTimeout(timer)
      awaited.delete(id)
    })
  }

  return {
    take: (id: number, values: MetricValues): void => awaited.get(id)?.(values),
    async gather(workers: readonly Counting[]): Promise<MetricsReport> {
      const all = await Promise.all(
        workers.map(async (worker) => labelled(await valuesOf(worker), worker.number)),
      )
      const { AggregatorRegistry } = await import('prom-client')
      const registry = AggregatorRegistry.aggregate(all)
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
  }
}

function labelled(metrics: MetricValues, worker: number): MetricValues {
  return metrics.map((metric) => ({
    ...metric,
    values: metric.values.map((value) => ({ ...value, labels: { ...value.labels, worker } })),
  }))
}
