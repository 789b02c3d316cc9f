import type { MetricsReport, MetricValues } from '../metrics.ts'

/** What a worker tells the first process. */
export type FromWorker =
  | { readonly kind: 'listening'; readonly url: string }
  /** It cannot serve, and ends. */
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'report-wanted'; readonly id: number }
  | { readonly kind: 'values'; readonly id: number; readonly values: MetricValues }

/** What the first process tells a worker. */
export type FromFirst =
  | { readonly kind: 'values-wanted'; readonly id: number }
  | { readonly kind: 'report'; readonly id: number; readonly report: MetricsReport }
