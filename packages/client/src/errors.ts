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
  readonly requestId?: string | undefined
  readonly retryAfterSeconds?: number | undefined
  readonly cause?: Error | undefined
}

/** The one error of the client: switch on `code`, or more finely on `reason`. */
export class CasebookError extends Error {
  override readonly name = 'CasebookError'
  readonly code: ClientErrorCode
  readonly reason: ClientErrorReason
  /** HTTP status of the failure; absent when there was no answer. */
  readonly status: number | undefined
  /** URL of a page that explains the problem. */
  readonly type: string | undefined
  /** Each invalid field of the input. */
  readonly errors: readonly FieldError[]
  readonly requestId: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(init: CasebookErrorInit) {
    super(init.message, init.cause === undefined ? {} : { cause: init.cause })
    this.code = init.code
    this.reason = init.reason
    this.status = init.status
    this.type = init.type
    this.errors = init.errors ?? []
    this.requestId = init.requestId
    this.retryAfterSeconds = init.retryAfterSeconds
  }
}

/** Tells whether something thrown is an error of the client. */
export function isCasebookError(error: unknown): error is CasebookError {
  return error instanceof CasebookError
}

type ErrorData = {
  readonly code?: ErrorCode
  readonly reason?: ErrorReason
  readonly type?: string
  readonly httpStatus?: number
  readonly errors?: readonly FieldError[]
  readonly requestId?: string
}

/** Turns what tRPC's client throws into a CasebookError. */
export function toCasebookError(error: unknown, url: string): CasebookError {
  if (error instanceof CasebookError) return error
  const data = error instanceof TRPCClientError ? (error.data as ErrorData | undefined) : undefined
  const message = error instanceof Error ? error.message : String(error)
  // What tRPC wraps is what went wrong; its own wrapping helps nobody.
  const wrapped = error instanceof TRPCClientError ? (error.cause ?? error) : error
  const cause = wrapped instanceof Error ? wrapped : undefined
  if (data?.code !== undefined && data.reason !== undefined) {
    const { code, reason, type, httpStatus: status, errors, requestId } = data
    return new CasebookError({ code, reason, message, status, type, errors, requestId, cause })
  }
  if (isNamed(error, 'AbortError')) {
    return new CasebookError({ code: 'ABORTED', reason: 'aborted', message: 'The call was aborted.', cause })
  }
  if (isNamed(error, 'TimeoutError')) {
    return new CasebookError({
      code: 'UNREACHABLE',
      reason: 'timed-out',
      message: `${url} did not answer in time.`,
      cause,
    })
  }
  const isAnswer = error instanceof TRPCClientError && error.meta?.['response'] !== undefined
  return isAnswer
    ? new CasebookError({
        code: 'UNREACHABLE',
        reason: 'not-casebook',
        message: `What answers at ${url} is not Casebook.`,
        cause,
      })
    : new CasebookError({
        code: 'UNREACHABLE',
        reason: 'unreachable',
        message: `${url} cannot be reached.`,
        cause,
      })
}

function isNamed(error: unknown, name: string): boolean {
  if (!(error instanceof Error)) return false
  return error.name === name || isNamed(error.cause, name)
}
