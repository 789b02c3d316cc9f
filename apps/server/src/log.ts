import type { FastifyInstance } from 'fastify'
import { pino, type DestinationStream, type Logger } from 'pino'
import { describeForLog } from './log-errors.ts'

/** What may be said of the things that a library may log; requests and answers are told by `logAnswers`. */
const serializers = {
  err: describeForLog,
  error: describeForLog,
  req: () => undefined,
  res: () => undefined,
}

/**
 * Makes the logger: JSON lines on stderr, with nothing in them that a caller sent but the request id. Paths are
 * logged as the routes' patterns, since a query may hold a reset key and an id names a patient's record.
 */
export function createLogger(
  level: string,
  destination: DestinationStream = pino.destination({ fd: 2, sync: false }),
): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers }, destination)
}

/** Logs each answer in one line, and what was unexpected in it. */
export function logAnswers(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    const line = {
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    }
    if (reply.statusCode >= 500) request.log.error(line, 'answered')
    else request.log.info(line, 'answered')
    done()
  })
}
