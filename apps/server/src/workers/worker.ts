import cluster from 'node:cluster'
import { availableParallelism } from 'node:os'
import { createPasswords } from '@casebook/core'
import type { Logger } from 'pino'
import { openSettingsDatabase } from '../database.ts'
import { drainMs, endAfter, untilSignalled } from '../ending.ts'
import type { Settings } from '../env.ts'
import { explain } from '../explain.ts'
import { createMetrics, type Metrics, type MetricsReport } from '../metrics.ts'
import { liveSampleAccounts } from '../sample.ts'
import { serve } from '../serve.ts'
import type { FromFirst, FromWorker } from './messages.ts'
import { canSharePort } from './port.ts'

/** Serves as one of several processes, until a signal or until the first process is gone. */
export async function runWorker(settings: Settings, logger: Logger): Promise<void> {
  const over = Promise.race([untilSignalled(), untilAlone()])
  try {
    const close = await listen(settings, logger)
    await over
    // A little earlier than the first process, which waits for us.
    endAfter(drainMs - 500)
    await close()
    process.exit(0)
  } catch (error) {
    tell({ kind: 'failed', reason: explain(error) }, () => process.exit(1))
  }
}

async function listen(settings: Settings, logger: Logger): Promise<() => Promise<void>> {
  const database = await openSettingsDatabase(settings, logger, { attach: settings.databaseUrl === null })
  // The workers share the cores, and each has a process that hashes for it.
  const passwords = createPasswords({
    processes: Math.max(1, Math.floor(availableParallelism() / settings.workers)),
    onError: (err) => logger.warn({ err }, 'hashing was disturbed'),
  })
  const metrics = createMetrics()
  const sampleAccounts = await liveSampleAccounts(database)
  const { url, app, settled } = await serve(database, {
    settings,
    logger,
    passwords,
    sampleAccounts,
    metrics,
    reportMetrics: reportOfAll(metrics),
    sharesPort: canSharePort,
  })
  tell({ kind: 'listening', url })
  return async () => {
    await app.close()
    await passwords.close()
    await settled()
    await database.close()
  }
}

/** Resolves when the first process is gone. Node would end a worker at once then, with its requests in flight. */
function untilAlone(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const { worker } = cluster
  worker?.once('disconnect', () => {
    worker.exitedAfterDisconnect = true
    resolve()
  })
  return promise
}

/** Answers the first process with what this one has counted, and asks it for what all have. */
function reportOfAll(metrics: Metrics): () => Promise<MetricsReport> {
  const awaited = new Map<number, (report: MetricsReport) => void>()
  let lastId = 0
  process.on('message', (message: FromFirst) => {
    switch (message.kind) {
      case 'values-wanted':
        void metrics.values().then((values) => tell({ kind: 'values', id: message.id, values }))
        return
      case 'report':
        awaited.get(message.id)?.(message.report)
        awaited.delete(message.id)
    }
  })
  return () => {
    lastId += 1
    const id = lastId
    const { promise, resolve } = Promise.withResolvers<MetricsReport>()
    awaited.set(id, resolve)
    tell({ kind: 'report-wanted', id })
    return promise
  }
}

/** Sends to the first process; that it has gone meanwhile is told by the disconnect. */
function tell(message: FromWorker, then: () => void = () => undefined): void {
  process.send?.(message, undefined, undefined, then)
}
