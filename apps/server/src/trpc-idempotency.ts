import { createHmac } from 'node:crypto'
import { DomainError, type IdempotencyKey } from '@casebook/api'
import type { FastifyRequest } from 'fastify'

/**
 * Reads the idempotency key of a single tRPC call. Throws `malformed-request` for one that is no key, and for one
 * that comes with several calls, for which it has no one meaning.
 */
export function idempotencyKeyOf(
  request: FastifyRequest,
  fingerprintKey: Uint8Array,
): IdempotencyKey | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined || request.method !== 'POST') return undefined
  if (typeof key !== 'string' || !/^[!-~]{1,255}$/.test(key)) {
    const detail = 'Idempotency-Key must be 1 to 255 visible ASCII characters.'
    throw new DomainError('malformed-request', { detail })
  }
  const path = request.url.split('?')[0] ?? ''
  if (path.includes(',') || path.toUpperCase().includes('%2C')) {
    const detail = 'An Idempotency-Key is of one call: send this one alone, and not in a batch.'
    throw new DomainError('malformed-request', { detail })
  }
  const body = typeof request.body === 'string' ? request.body : ''
  const fingerprint = createHmac('sha256', fingerprintKey).update(`${path}\n${body}`).digest('base64url')
  return { key, fingerprint }
}
