import { Transform } from 'node:stream'
import { RequestError } from '@casebook/rest'
import type { RequestPayload } from 'fastify'

/** Passes a body on as it is, and fails where it is no UTF-8: parsers would put replacement characters there. */
export function wellFormed(payload: RequestPayload): RequestPayload {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const check = (chunk: Buffer | undefined): Error | null => {
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
  payload.on('error', (error) => (checked as Transform).destroy(error))
  return payload.pipe(checked as Transform)
}
