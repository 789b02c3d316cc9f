import type { ClientErrorCode } from '@casebook/client'

/** What a script can tell from how `casebook` ended. */
export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  cancelled: 3,
  credentials: 4,
  notFound: 5,
  conflict: 6,
  partly: 7,
  unavailable: 8,
  interrupted: 130,
} as const

/** Gives the exit code of a failed call. */
export function exitCodeOf(code: ClientErrorCode): number {
  switch (code) {
    case 'UNAUTHORIZED':
    case 'FORBIDDEN':
      return exitCodes.credentials
    case 'NOT_FOUND':
      return exitCodes.notFound
    case 'CONFLICT':
    case 'PRECONDITION_FAILED':
    case 'UNPROCESSABLE_CONTENT':
      return exitCodes.conflict
    case 'UNREACHABLE':
    case 'SERVICE_UNAVAILABLE':
    case 'TOO_MANY_REQUESTS':
    case 'TIMEOUT':
      return exitCodes.unavailable
    case 'ABORTED':
      return exitCodes.interrupted
    case 'BAD_REQUEST':
    case 'METHOD_NOT_SUPPORTED':
    case 'PAYLOAD_TOO_LARGE':
    case 'UNSUPPORTED_MEDIA_TYPE':
    case 'INTERNAL_SERVER_ERROR':
      return exitCodes.failure
  }
}
