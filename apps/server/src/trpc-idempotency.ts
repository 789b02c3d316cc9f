import { createHmac } from 'node:crypto'
import type { IdempotencyKey } from '@casebook/api'
import type { FastifyRequest } from 'fastify'

/** Reads the idempotency key of a single tRPC call; for several in one batch it has no one meaning. */
export function idempotencyKeyOf(
  request: FastifyRequest,
  fingerprintKey: Uint8Array,
): IdempotencyKey | undefined {
  const key = request.headers['idempotency-key']
  const path = request.url.split('?')[0] ?? ''
  const isBatch = path.includes(',') || path.includes('%2C')
  if (typeof key !== 'string' || !/^[!-~]{1,255}$/.test(key) || isBatch || request.method !== 'POST')
    return undefined
  const body = typeof request.body === 'string' ? request.body : ''
  const fingerprint = createHmac('sha256', fingerprintKey).update(`${path}\n${body}`).digest('base64url')
  return { key, fingerprint }
}
