import { errorCatalogue, failureOf, type ErrorReason } from '@casebook/api'
import { isUnavailable } from '@casebook/db'
import { limitHeaders } from './limit-headers.ts'
import { RequestError, type Problem, type ProblemOf } from '@casebook/rest'

/** Reasons of what the adapter itself refuses. */
const reasonsOfRequests: Partial<Record<RequestError['code'], ErrorReason>> = {
  BAD_REQUEST: 'malformed-request',
  NOT_FOUND: 'not-found',
  METHOD_NOT_SUPPORTED: 'method-not-allowed',
  PAYLOAD_TOO_LARGE: 'body-too-large',
  UNSUPPORTED_MEDIA_TYPE: 'unsupported-media-type',
  SERVICE_UNAVAILABLE: 'overloaded',
}

/** Makes the problems of our catalogue out of what was thrown, with the statuses of the endpoint. */
export function createProblemOf(publicUrl: string): ProblemOf {
  return (error, meta): Problem => {
    const failed = describe(error)
    const status = meta?.rest?.statuses?.[failed.reason] ?? errorCatalogue[failed.reason].status
    const { reason, limit, ...members } = failed
    const retryAfterSeconds = failed.retryAfterSeconds ?? (status === 503 ? 2 : undefined)
    return {
      ...members,
      type: `${publicUrl}/problems/${reason}`,
      status,
      ...(limit === undefined ? {} : { headers: limitHeaders(failed) }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    }
  }
}

function describe(error: unknown): ReturnType<typeof failureOf> {
  if (error instanceof RequestError) {
    const reason =
      error.errors === undefined ? (reasonsOfRequests[error.code] ?? 'malformed-request') : 'invalid-input'
    const { code, title } = errorCatalogue[reason]
    return {
      reason,
      code,
      title,
      detail: error.message,
      ...(error.errors === undefined ? {} : { errors: error.errors }),
    }
  }
  if (isUnavailable(error) || (error instanceof Error && isUnavailable(error.cause))) {
    const { code, title } = errorCatalogue.overloaded
    return { reason: 'overloaded', code, title, detail: title, retryAfterSeconds: 2 }
  }
  return failureOf(error)
}
