import cluster, { type Worker } from 'node:cluster'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { createGatherer } from './gather-metrics.ts'
import type { FromFirst, FromWorker } from './messages.ts'
import { createRestarts } from './restarts.ts'

/** The workers of a server. */
export type Crew = {
  /** Resolves with the address once all of them listen. */
  readonly listening: Promise<string>
  /** Resolves with the reason when there is no going on. */
  readonly broken: Promise<Error>
  /** Lets requests in flight finish, and ends all. */
  stop(): Promise<void>
}

/** Starts workers that listen at a port, and starts each again that ends before its time. */
export function startCrew({ size, port }: { size: number; port: number }, logger: Logger): Crew {
  const listening = Promise.withResolvers<string>()
  const broken = Promise.withResolvers<Error>()
  const restarts = createRestarts()
  const metrics = createGatherer()
  /** The workers that live, by their number from 1 on. */
  const living = new Map<number, Worker>()
  const ready = new Set<number>()
  const timers = new Set<NodeJS.Timeout>()
  let isComplete = false
  let isStopping = false
  const allEnded = Promise.withResolvers<void>()

  const start = (number: number) => {
    const worker = cluster.fork({ PORT: String(port), WORKERS: String(size) })
    const began = performance.now()
    let reason: string | undefined
    living.set(number, worker)
    worker.on('error', (err) => logger.warn({ err, worker: number }, 'a worker cannot be reached'))
    worker.on('message', (message: FromWorker) => {
      switch (message.kind) {
        case 'listening':
          ready.add(number)
          if (ready.size < size) return
          isComplete = true
          listening.resolve(message.url)
          return
        case 'failed':
          reason = message.reason
          return
        case 'report-wanted':
          return void report(worker, message.id)
        case 'values':
          return metrics.take(message.id, message.values)
      }
    })
    worker.on('exit', (code, signal) => {
      living.delete(number)
      ready.delete(number)
      if (isStopping) {
        if (living.size === 0) allEnded.resolve()
        return
      }
      const how = signal === null ? `with code ${code}` : `by ${signal}`
      restart(number, performance.now() - began, reason ?? `worker ${number} ended ${how}`)
    })
  }

  const restart = (number: number, livedMs: number, reason: string) => {
    const waitMs = isComplete ? restarts.after(livedMs) : null
    if (waitMs === null) return broken.resolve(new WorkersFailed(reason))
    logger.warn({ worker: number, reason, waitMs }, 'a worker ended, and is started again')
    const timer = setTimeout(() => {
      timers.delete(timer)
      start(number)
    }, waitMs)
    timers.add(timer)
  }

  const report = async (worker: Worker, id: number) => {
    const counting = [...living]
      .filter(([number]) => ready.has(number))
      .map(([number, one]) => ({
        number,
        ask: (about: number) => tell(one, { kind: 'values-wanted', id: about }),
      }))
    tell(worker, { kind: 'report', id, report: await metrics.gather(counting) })
  }

  cluster.setupPrimary({ exec: join(import.meta.dirname, '../main.js'), args: [] })
  for (let number = 1; number <= size; number += 1) start(number)
  // Whatever ends us early, nothing of ours stays behind.
  process.on('exit', () => living.forEach((worker) => worker.process.kill('SIGKILL')))

  return {
    listening: listening.promise,
    broken: broken.promise,
    async stop() {
      isStopping = true
      for (const timer of timers) clearTimeout(timer)
      for (const worker of living.values()) worker.process.kill('SIGTERM')
      if (living.size === 0) return
      await allEnded.promise
    },
  }
}

/** Sends to a worker; that it has gone meanwhile is told by its exit. */
function tell(worker: Worker, message: FromFirst): void {
  worker.send(message, undefined, () => undefined)
}

/** Workers do not come up; `message` is the reason that the last of them gave. */
export class WorkersFailed extends Error {
  override readonly name = 'WorkersFailed'
}
