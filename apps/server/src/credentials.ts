import { isKeyText } from '@casebook/core'
import type { FastifyRequest } from 'fastify'

/** What a request brings to show who calls. */
export type Credential =
  | { readonly kind: 'none' }
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'cookie'; readonly token: string }
  /** An Authorization header that holds no bearer token. */
  | { readonly kind: 'malformed' }

/** Without a token: what the pages of API documents send before one has been typed in. */
const emptyPattern = /^bearer *$/i
// RFC 6750, 2.1: b64token; ours are shorter than 128 characters.
const bearerPattern = /^bearer +([A-Za-z0-9._~+/-]{1,512}=*)$/i

/** Reads the credential of a request: the Authorization header, and only without one the session cookie. */
export function readCredential(request: FastifyRequest, cookieName: string): Credential {
  const header = request.headers.authorization
  if (header !== undefined) {
    if (emptyPattern.test(header)) return { kind: 'none' }
    const token = bearerPattern.exec(header)?.[1]
    if (token === undefined) return { kind: 'malformed' }
    return isKeyText(token) ? { kind: 'key', key: token } : { kind: 'bearer', token }
  }
  const cookie = request.cookies[cookieName]
  return cookie === undefined || cookie === '' ? { kind: 'none' } : { kind: 'cookie', token: cookie }
}
