import { randomUUID } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { errorCatalogue, type ErrorReason } from '@casebook/api'
import type { FastifyInstance } from 'fastify'
import type { Headers } from './security-headers.ts'

/** Makes the answer to what Node's parser cannot read as a request: a problem, as everywhere, and the end. */
export function answerUnreadable(publicUrl: string, headers: Headers) {
  return (error: NodeJS.ErrnoException, socket: Duplex): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    const { status, phrase, reason } = describe(error.code)
    const { title, code } = errorCatalogue[reason]
    const requestId = randomUUID()
    const type = `${publicUrl}/problems/${reason}`
    const body = JSON.stringify({ type, title, status, detail: title, code, requestId })
    socket.end(
      [
        `HTTP/1.1 ${status} ${phrase}`,
        'content-type: application/problem+json; charset=utf-8',
        `content-length: ${Buffer.byteLength(body)}`,
        `x-request-id: ${requestId}`,
        ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
        'cache-control: no-store',
        'connection: close',
        '',
        body,
      ].join('\r\n'),
    )
  }
}

/**
 * Sees to requests that Node would answer by itself, or end without an answer: we are no proxy, and of what somebody
 * expects besides `100-continue` we take no notice (RFC 9110, 10.1.1).
 */
export function answerUnexpected(app: FastifyInstance, answer: ReturnType<typeof answerUnreadable>): void {
  app.server.on('connect', (_request, socket) => answer(new Error('CONNECT'), socket))
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response))
}

// With the phrases of RFC 9110: to import Node's own from `node:http` would load its whole HTTP client.
function describe(code: string | undefined): { status: number; phrase: string; reason: ErrorReason } {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return { status: 431, phrase: 'Request Header Fields Too Large', reason: 'malformed-request' }
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, phrase: 'Request Timeout', reason: 'timeout' }
    default:
      return { status: 400, phrase: 'Bad Request', reason: 'malformed-request' }
  }
}
