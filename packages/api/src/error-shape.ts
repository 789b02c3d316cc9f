import type { TRPCDefaultErrorShape, TRPCError } from '@trpc/server'
import { z } from 'zod'
import type { Context } from './context.ts'
import { fieldErrorsOf } from './field-messages.ts'
import {
  DomainError,
  errorCatalogue,
  type ErrorCode,
  type ErrorReason,
  type FieldError,
  type Limit,
} from './errors.ts'

/** A failure as every transport tells it: nothing in it comes from a database or a stack. */
export type Failure = {
  readonly reason: ErrorReason
  readonly code: ErrorCode
  readonly title: string
  readonly detail: string
  readonly errors?: readonly FieldError[]
  readonly retryAfterSeconds?: number
  readonly limit?: Limit
}

const reasonsOfCodes: Partial<Record<TRPCError['code'], ErrorReason>> = {
  PARSE_ERROR: 'malformed-request',
  BAD_REQUEST: 'malformed-request',
  UNAUTHORIZED: 'not-authenticated',
  FORBIDDEN: 'not-allowed',
  NOT_FOUND: 'not-found',
  METHOD_NOT_SUPPORTED: 'method-not-allowed',
  TIMEOUT: 'timeout',
  PAYLOAD_TOO_LARGE: 'body-too-large',
  UNSUPPORTED_MEDIA_TYPE: 'unsupported-media-type',
  TOO_MANY_REQUESTS: 'too-many-requests',
  SERVICE_UNAVAILABLE: 'overloaded',
}

/** Turns whatever was thrown into what a stranger may know of it. */
export function failureOf(error: unknown): Failure {
  const cause = error instanceof Error && !(error instanceof DomainError) ? (error.cause ?? error) : error
  if (cause instanceof DomainError) return failure(cause.reason, cause)
  if (cause instanceof z.ZodError && hasCode(error, 'BAD_REQUEST')) {
    const errors = fieldErrorsOf(cause)
    return failure('invalid-input', { errors, message: detailOf(errors) })
  }
  const code = codeOf(error)
  return failure((code === undefined ? undefined : reasonsOfCodes[code]) ?? 'unexpected', {})
}

/** The shape of a tRPC error: `data` carries code, type, detail, errors, seconds to wait and request id. */
export function errorShape(shape: TRPCDefaultErrorShape, error: TRPCError, ctx: Context | undefined) {
  const failed = failureOf(error)
  const requestId = ctx?.caller.requestId
  return {
    code: shape.code,
    message: failed.detail,
    data: {
      code: failed.code,
      httpStatus: errorCatalogue[failed.reason].status,
      ...(shape.data.path === undefined ? {} : { path: shape.data.path }),
      reason: failed.reason,
      type: `${ctx?.publicUrl ?? ''}/problems/${failed.reason}`,
      title: failed.title,
      detail: failed.detail,
      ...(failed.errors === undefined ? {} : { errors: failed.errors }),
      // A stream's headers are gone by the time it fails, so the wait stands here as well as in Retry-After.
      ...(failed.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: failed.retryAfterSeconds }),
      ...(requestId === undefined ? {} : { requestId }),
    },
  }
}

/** Tells the first invalid field, and how many more there are. */
function detailOf([first, ...others]: readonly FieldError[]): string | undefined {
  if (first === undefined) return undefined
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  return `${first.path === '' ? 'input' : first.path}: ${first.message}${more}`
}

type Known = {
  readonly message?: string | undefined
  readonly errors?: readonly FieldError[] | undefined
  readonly retryAfterSeconds?: number | undefined
  readonly limit?: Limit | undefined
}

function failure(reason: ErrorReason, known: Known): Failure {
  const { code, title } = errorCatalogue[reason]
  return {
    reason,
    code,
    title,
    detail: known.message ?? title,
    ...(known.errors === undefined ? {} : { errors: known.errors }),
    ...(known.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: known.retryAfterSeconds }),
    ...(known.limit === undefined ? {} : { limit: known.limit }),
  }
}

function codeOf(error: unknown): TRPCError['code'] | undefined {
  if (!(error instanceof Error) || error.name !== 'TRPCError' || !('code' in error)) return undefined
  return error.code as TRPCError['code']
}

function hasCode(error: unknown, code: TRPCError['code']): boolean {
  return codeOf(error) === code
}
