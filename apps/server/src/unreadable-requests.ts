import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { errorCatalogue, type ErrorReason } from '@casebook/api'

/** Makes the answer to what Node's parser cannot read as a request: a problem, as everywhere, and the end. */
export function answerUnreadable(publicUrl: string) {
  return (error: NodeJS.ErrnoException, socket: Socket): void => {
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
        'cache-control: no-store',
        'connection: close',
        '',
        body,
      ].join('\r\n'),
    )
  }
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
