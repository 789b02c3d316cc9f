import type { ServerResponse } from 'node:http'
import { Transform } from 'node:stream'
import { RequestError } from '@casebook/rest'
import type { RequestPayload } from 'fastify'
import { bodyTooLong } from './trpc-body-limit.ts'

export type WellFormedOptions = {
  readonly answer: ServerResponse
  /** Bytes that are taken. */
  readonly limit: number
}

/**
 * Passes the body of a request on as it is, and fails where it is too long, or no UTF-8: parsers would put replacement
 * characters there. When the answer is out, what nobody has read of the body is let go.
 */
export function wellFormed(payload: RequestPayload, { answer, limit }: WellFormedOptions): RequestPayload {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const check = (chunk: Buffer | undefined): Error | null => {
    if ((checked.receivedEncodedLength ?? 0) > limit) return bodyTooLong(limit)
    try {
      decoder.decode(chunk, { stream: chunk !== undefined })
      return null
    } catch (cause) {
      return new RequestError('BAD_REQUEST', 'The body is not well-formed UTF-8.', { cause })
    }
  }
  const checked: RequestPayload = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      checked.receivedEncodedLength = (checked.receivedEncodedLength ?? 0) + chunk.length
      done(check(chunk), chunk)
    },
    flush: (done) => done(check(undefined)),
  })
  const stream = checked as Transform
  // Whoever does not read the body (a GET has none to read) does not hear of this, and that would end the process.
  stream.on('error', () => undefined)
  payload.on('error', (error) => stream.destroy(error))
  // Else it would stand before the next request of this connection for ever.
  answer.once('close', () => payload.unpipe(stream).resume())
  return payload.pipe(stream)
}
