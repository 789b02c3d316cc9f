import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const safeToken = /^[A-Za-z0-9._~-]{1,64}$/

/** Gives a request its id: the caller's `x-request-id` if it is a safe token, else a new one. For Fastify's `genReqId`. */
export function requestId(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && safeToken.test(given) ? given : randomUUID()
}
