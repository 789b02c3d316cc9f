import { DomainError } from '@casebook/api'
import type { FastifyRequest } from 'fastify'

const maxLength = 200

/** The header as the OpenAPI document has it. */
export const reasonHeader = {
  name: 'x-casebook-reason',
  description: `Why you look, for the audit trail to keep: one line of ${maxLength} characters at most, percent-encoded UTF-8.`,
  schema: { type: 'string' },
  example: 'call%20back%20about%20the%20appointment',
} as const

/**
 * Reads why a caller looks at private data, which the audit trail then keeps: `x-casebook-reason`, one line of 1 to
 * 200 characters, percent-encoded UTF-8, since headers hold no other letters. Throws `malformed-request`.
 */
export function readReason({ headers }: FastifyRequest): string | undefined {
  const given = headers[reasonHeader.name]
  if (given === undefined) return undefined
  const reason = typeof given === 'string' ? decode(given)?.trim() : undefined
  if (reason === undefined || reason === '' || reason.length > maxLength || /\p{Cc}/u.test(reason)) {
    const detail = `${reasonHeader.name} must be one line of 1 to ${maxLength} characters, percent-encoded.`
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
