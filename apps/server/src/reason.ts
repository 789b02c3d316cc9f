import { DomainError } from '@casebook/api'
import type { FastifyRequest } from 'fastify'

const maxLength = 200

/**
 * Reads why a caller looks at private data, which the audit trail then keeps: `x-casebook-reason`, one line of 1 to
 * 200 characters, percent-encoded UTF-8, since headers hold no other letters. Throws `malformed-request`.
 */
export function readReason({ headers }: FastifyRequest): string | undefined {
  const given = headers['x-casebook-reason']
  if (given === undefined) return undefined
  const reason = typeof given === 'string' ? decode(given)?.trim() : undefined
  if (reason === undefined || reason === '' || reason.length > maxLength || /\p{Cc}/u.test(reason)) {
    const detail = `x-casebook-reason must be one line of 1 to ${maxLength} characters, percent-encoded.`
    throw new DomainError('malformed-request', { detail })
  }
  return reason
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
