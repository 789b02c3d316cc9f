import { TRPCClientError } from '@trpc/client'
import type { ErrorCode, ErrorReason, FieldError } from './contract.generated.ts'

/** Codes of the contract, and what can go wrong on the way to the server. */
export type ClientErrorCode = ErrorCode | 'UNREACHABLE' | 'ABORTED'
export type ClientErrorReason = ErrorReason | 'unreachable' | 'timed-out' | 'aborted' | 'not-casebook'

export type CasebookErrorInit = {
  readonly code: ClientErrorCode
  readonly reason: ClientErrorReason
  readonly message: string
  readonly status?: number | undefined
  readonly type?: string | undefined
  readonly errors?: readonly FieldError[] | undefined
  readonly retryAfterSeconds?: number | undefined
  readonly requestId?: string | undefined
  readonly cause?: Error | undefined
}

/** The one error of the client: switch on `code`, or more finely on `reason`. */
export class CasebookError extends Error {
  override readonly name = 'CasebookError'
  declare readonly code: ClientErrorCode
  declare readonly reason: ClientErrorReason
  /** HTTP status of the failure; absent when there was no answer. */
  declare readonly status: number | undefined
  /** URL of a page that explains the problem. */
  declare readonly type: string | undefined
  /** Each invalid field of the input. */
  declare readonly errors: readonly FieldError[]
  /** How long to wait before the call is made again, where the service says so. */
  declare readonly retryAfterSeconds: number | undefined
  declare readonly requestId: string | undefined

  constructor({ message, cause, ...init }: CasebookErrorInit) {
    super(message, cause === undefined ? {} : { cause })
    Object.assign(this, { errors: [], ...init })
  }
}

/** Tells whether something thrown is an error of the client. */
export function isCasebookError(error: unknown): error is CasebookError {
  return error instanceof CasebookError
}

/** What tRPC's errors of our server carry. */
type ErrorData = {
  readonly code: ErrorCode
  readonly reason: ErrorReason
  readonly type: string
  readonly httpStatus: number
  readonly path?: string
  readonly title: string
  readonly detail: string
  readonly errors?: readonly FieldError[]
  readonly retryAfterSeconds?: number
  readonly requestId?: string
}

/** Where a call went wrong: `unreachable` when no answer came, `not-casebook` when it came from somebody else. */
export class WayError extends Error {
  readonly reason: 'unreachable' | 'timed-out' | 'not-casebook'

  constructor(reason: WayError['reason'], cause?: unknown) {
    super(reason, { cause })
    this.reason = reason
  }
}

/** Turns what tRPC's client throws into a CasebookError; `signal` is the caller's own. */
export function toCasebookError(error: unknown, url: string, signal?: AbortSignal): CasebookError {
  if (error instanceof CasebookError) return error
  const data = error instanceof TRPCClientError ? (error.data as ErrorData | undefined) : undefined
  const cause = innermost(error)
  if (cause instanceof CasebookError) return cause
  if (data?.reason !== undefined) {
    const { httpStatus: status, path: _, title: __, detail: message, ...known } = data
    return new CasebookError({ ...known, status, message })
  }
  if (signal?.aborted === true) return abortedError(cause)
  // What is neither ours nor a failure of the way is an answer in a form that we do not know.
  const isOfWay = cause instanceof WayError
  const reason = isOfWay ? cause.reason : 'not-casebook'
  const message = {
    unreachable: `${url} cannot be reached.`,
    'timed-out': `${url} did not answer in time.`,
    'not-casebook': `What answers at ${url} is not Casebook.`,
  }[reason]
  return errorWith({ code: 'UNREACHABLE', reason, message }, isOfWay ? cause.cause : cause)
}

/** Makes the error of a problem (RFC 9457) in place of tRPC's answer, such as of a body that is too large. */
export function problemError({ detail: message, ...problem }: Problem): CasebookError {
  return new CasebookError({
    ...problem,
    message,
    reason: problem.type.split('/problems/')[1] as ErrorReason,
  })
}

/** As much of a problem as every one of ours has. */
export type Problem = {
  readonly type: string
  readonly detail: string
  readonly code: ErrorCode
}

/** The error of a call that its caller ended. */
export function abortedError(cause?: unknown): CasebookError {
  return errorWith({ code: 'ABORTED', reason: 'aborted', message: 'The call was aborted.' }, cause)
}

function errorWith(init: CasebookErrorInit, cause: unknown): CasebookError {
  return new CasebookError(cause instanceof Error ? { ...init, cause } : init)
}

/** What tRPC wraps is what went wrong; its own wrapping helps nobody. */
function innermost(error: unknown): unknown {
  if (error instanceof TRPCClientError) return error.cause === undefined ? error : innermost(error.cause)
  return error instanceof Error && error.cause instanceof WayError ? error.cause : error
}
