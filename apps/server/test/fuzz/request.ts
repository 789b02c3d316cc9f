import type { Actor, Credential, World } from './world.ts'

/** A request that need not be a sound one. */
export type FuzzRequest = {
  readonly actor: Actor
  readonly credential: Credential
  /** What it was made from. */
  readonly of: string
  readonly method: string
  /** Path and query; each character is a byte. */
  readonly target: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Buffer | null
  /** It has a cursor that was changed, and can be answered by 4xx only. */
  readonly isForged?: boolean
}

/** Writes a request as it goes over the wire. */
export function bytesOf(request: FuzzRequest, world: World): Buffer {
  const { method, target, headers, body, actor, credential } = request
  const shown = world.credentialOf(actor, credential)
  const all = [['host', '127.0.0.1'], ...(shown === null ? [] : [shown]), ...headers]
  const isChunked = headers.some(([name]) => name === 'transfer-encoding')
  if (body !== null && !isChunked) all.push(['content-length', String(body.length)])
  const head = [`${method} ${target} HTTP/1.1`, ...all.map(([name, value]) => `${name}: ${value}`), '', '']
  const sent = body === null ? Buffer.alloc(0) : isChunked ? chunked(body) : body
  return Buffer.concat([Buffer.from(head.join('\r\n'), 'latin1'), sent])
}

function chunked(body: Buffer): Buffer {
  const middle = body.length >> 1
  const pieces = [body.subarray(0, middle), body.subarray(middle)].filter(({ length }) => length > 0)
  const written = pieces.flatMap((piece) => [
    Buffer.from(`${piece.length.toString(16)}\r\n`),
    piece,
    Buffer.from('\r\n'),
  ])
  return Buffer.concat([...written, Buffer.from('0\r\n\r\n')])
}
