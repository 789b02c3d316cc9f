import { createHmac } from 'node:crypto'
import type { IdempotencyKey } from '@casebook/api'
import type { FastifyRequest } from 'fastify'

/** Reads the idempotency key of a single tRPC call; a batch has no one meaning for it. */
export function idempotencyKeyOf(
  request: FastifyRequest,
  fingerprintKey: Uint8Array,
): IdempotencyKey | undefined {
  const key = request.headers['idempotency-key']
  const isBatch = request.url.includes('batch=1')
  if (typeof key !== 'string' || !/^[!-~]{1,255}$/.test(key) || isBatch || request.method !== 'POST')
    return undefined
  const path = request.url.split('?')[0]
  const body = typeof request.body === 'string' ? request.body : ''
  const fingerprint = createHmac('sha256', fingerprintKey).update(`${path}\n${body}`).digest('base64url')
  return { key, fingerprint }
}
