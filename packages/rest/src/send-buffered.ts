import type { FastifyReply, FastifyRequest } from 'fastify'
import { etagOf, isNoneMatch } from './etag.ts'
import { bytesOf } from './utf8.ts'

/** A body that is at hand, as it goes out. */
export type Buffered = { readonly payload: string | Uint8Array; readonly etag: string; readonly type: string }

export const json = 'application/json; charset=utf-8'
const longText = 4096

/** Makes a body of a text, with its entity tag. */
export function bufferedOf(body: string | Uint8Array, type: string): Buffered {
  // A long text becomes bytes once, for the tag and for the way; a short one goes in one write with the headers.
  const payload = typeof body === 'string' && body.length >= longText ? Buffer.from(body) : body
  return { payload, etag: etagOf(payload), type }
}

/** Answers a body that is at hand; 304 when the caller has it already. */
export function sendBuffered(
  request: FastifyRequest,
  reply: FastifyReply,
  { payload, etag, type }: Buffered,
): FastifyReply {
  reply.header('etag', etag)
  const known = request.headers['if-none-match']
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  if (isRead && known !== undefined && isNoneMatch(known, etag)) return reply.code(304).send()
  return reply.type(type).send(payload)
}

/** Answers JSON text that is stored of a value. */
export type SendStored = (
  request: FastifyRequest,
  reply: FastifyReply,
  stored: { readonly value: object; readonly parts: readonly string[] },
) => FastifyReply

/** Makes what answers stored text. What is stored does not change: whoever keeps the value keeps its body, too. */
export function createSendStored(): SendStored {
  const bodies = new WeakMap<object, Buffered>()
  return (request, reply, { value, parts }) => {
    const body = bodies.get(value) ?? bufferedOf(parts.length === 1 ? (parts[0] ?? '') : bytesOf(parts), json)
    bodies.set(value, body)
    return sendBuffered(request, reply, body)
  }
}
