import type { FastifyInstance } from 'fastify'

/** The work that routes have under way. */
export type RunningWork = {
  /** Watches all routes that are added from now on. */
  observe(app: FastifyInstance): void
  /** Resolves when nothing is under way. */
  readonly settled: () => Promise<void>
}

/**
 * Watches what routes do. A server that closes waits for its connections alone, and so not for what was begun for a
 * client that has left: the database would be closed under it.
 */
export function createRunningWork(): RunningWork {
  const running = new Set<Promise<unknown>>()
  return {
    observe(app) {
      app.addHook('onRoute', (route) => {
        const { handler } = route
        route.handler = function handle(request, reply) {
          const result: unknown = handler.call(this, request, reply)
          if (result instanceof Promise) {
            running.add(result)
            const end = () => running.delete(result)
            void result.then(end, end)
          }
          return result
        }
      })
    },
    async settled() {
      while (running.size > 0) await Promise.allSettled(running)
    },
  }
}
