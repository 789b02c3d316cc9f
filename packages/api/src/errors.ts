/** What one reason for a failure means to every kind of caller. */
export type ErrorEntry = {
  /** tRPC's name of the class of error; problem+json and tRPC's `data` carry the same one. */
  readonly code: ErrorCode
  /** HTTP status, unless the endpoint says otherwise in its meta. */
  readonly status: number
  /** Exit code of a command that fails for it. */
  readonly exit: number
  readonly title: string
  /** What the caller can do about it. */
  readonly hint: string
}

export type ErrorCode =
  | 'BAD_REQUEST'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'METHOD_NOT_SUPPORTED'
  | 'TIMEOUT'
  | 'CONFLICT'
  | 'PRECONDITION_FAILED'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'UNPROCESSABLE_CONTENT'
  | 'TOO_MANY_REQUESTS'
  | 'INTERNAL_SERVER_ERROR'
  | 'SERVICE_UNAVAILABLE'

/** Exit code of a command that was given something it does not take. */
const usage = 2

/** Exit codes of commands, but for reasons with one of their own: 1 failure, 4 credentials, 5 not found, 6 conflict, 8 unavailable. */
export const exitOfCode: Readonly<Record<ErrorCode, number>> = {
  BAD_REQUEST: 1,
  UNAUTHORIZED: 4,
  FORBIDDEN: 4,
  NOT_FOUND: 5,
  METHOD_NOT_SUPPORTED: 1,
  TIMEOUT: 8,
  CONFLICT: 6,
  PRECONDITION_FAILED: 6,
  PAYLOAD_TOO_LARGE: 1,
  UNSUPPORTED_MEDIA_TYPE: 1,
  UNPROCESSABLE_CONTENT: 6,
  TOO_MANY_REQUESTS: 8,
  INTERNAL_SERVER_ERROR: 1,
  SERVICE_UNAVAILABLE: 8,
}

const entry = (
  code: ErrorCode,
  status: number,
  text: readonly [title: string, hint: string],
): ErrorEntry => ({
  code,
  status,
  exit: exitOfCode[code],
  title: text[0],
  hint: text[1],
})

/**
 * Every reason for which a call can fail. Problem types, tRPC codes, the client's errors, exit codes and the
 * pages under `/problems` come from here and from nowhere else.
 */
export const errorCatalogue = {
  'invalid-input': {
    ...entry('BAD_REQUEST', 400, ['The input is invalid', 'Mend the fields that `errors` names.']),
    exit: usage,
  },
  'malformed-request': entry('BAD_REQUEST', 400, [
    'The request cannot be read',
    'Send well-formed JSON in UTF-8.',
  ]),
  'invalid-cursor': entry('BAD_REQUEST', 400, [
    'The cursor is invalid',
    'Take the cursor of the answer before, unchanged and with the same filters, or start without one.',
  ]),
  'wrong-credentials': entry('UNAUTHORIZED', 401, [
    'User name or password is wrong',
    'Check both. A lost password can be reset; after ten wrong ones in a row an account is closed for a while, longer each time, and a reset opens it.',
  ]),
  'second-factor-required': entry('UNAUTHORIZED', 401, [
    'The account has a second factor',
    'Send a code of the authenticator app, or a recovery code, as `code` beside user name and password.',
  ]),
  'wrong-second-factor': entry('UNAUTHORIZED', 401, [
    'The code is wrong or was used before',
    'Wait for the next code; each works once. After five wrong ones in a row codes are refused for fifteen minutes; a recovery code works all the same.',
  ]),
  'not-authenticated': entry('UNAUTHORIZED', 401, [
    'Credentials are missing or no longer valid',
    'Log in, or make an API key, and send it as `Authorization: Bearer <token>`.',
  ]),
  'no-session': entry('UNAUTHORIZED', 401, ['There is no live session', 'Nothing is left to log out of.']),
  'invalid-reset-key': entry('BAD_REQUEST', 400, [
    'The reset key is unknown, used or expired',
    'Request a new one.',
  ]),
  'password-refused': entry('BAD_REQUEST', 400, [
    'The password is refused',
    'Choose a longer one, of several unrelated words.',
  ]),
  'wrong-password': entry('BAD_REQUEST', 400, ['The current password is wrong', 'Type it again.']),
  'invalid-verification-key': entry('BAD_REQUEST', 400, [
    'The verification key is unknown, used or expired, or its address was changed',
    'Request a new one: `POST /api/user/email_verification_request`.',
  ]),
  'invalid-invitation': entry('BAD_REQUEST', 400, [
    'The invitation is unknown, used, expired or for another address',
    'Ask an admin for a new one.',
  ]),
  'role-needs-invitation': entry('BAD_REQUEST', 400, [
    'This role needs an invitation',
    'Register as reader or author, or with the invitation of an admin.',
  ]),
  'username-taken': entry('CONFLICT', 409, ['The user name is taken', 'Choose another one.']),
  'email-taken': entry('CONFLICT', 409, ['The e-mail address is taken', 'Log in, or reset the password.']),
  'cross-site': entry('FORBIDDEN', 403, [
    'A cookie does not count for requests from another site',
    'Send a bearer token, or call from the same origin.',
  ]),
  'second-factor-not-enrolled': entry('FORBIDDEN', 403, [
    'Your account needs a second factor before it may do anything else',
    'Enrol one: `POST /api/user/totp` with your password, then `POST /api/user/totp/confirm` with a code of the app.',
  ]),
  'email-not-verified': entry('FORBIDDEN', 403, [
    'Your e-mail address is to be verified before your account may do anything else',
    'Open the link of the mail; `POST /api/user/email_verification_request` sends a new one.',
  ]),
  'reauthentication-required': entry('FORBIDDEN', 403, [
    'Your login is too long ago for this',
    'Send your password as `currentPassword` as well, or log in again: for 15 minutes it is not needed.',
  ]),
  'not-allowed': entry('FORBIDDEN', 403, [
    'Your role does not allow this',
    'Ask an admin for a role that does.',
  ]),
  'key-refused': entry('FORBIDDEN', 403, [
    'API keys may not do this',
    'Log in, and call with the token or the cookie of the session.',
  ]),
  'key-out-of-scope': entry('FORBIDDEN', 403, [
    'The API key is not made for this',
    'Make one whose access and domains cover the call, or call with the token of a login.',
  ]),
  'not-found': entry('NOT_FOUND', 404, [
    'There is no such thing, or it is not yours to see',
    'Check the id; list what there is.',
  ]),
  'method-not-allowed': entry('METHOD_NOT_SUPPORTED', 405, [
    'This path does not take this method',
    'Use one of the methods in the `Allow` header.',
  ]),
  timeout: entry('TIMEOUT', 408, ['The request took too long to arrive', 'Send it again.']),
  'isbn-taken': entry('CONFLICT', 409, ['Another book has this ISBN', 'Find it with `isbn=`.']),
  'mrn-taken': entry('CONFLICT', 409, [
    'Another patient has this medical record number',
    'Find it with `q=`.',
  ]),
  'orcid-taken': entry('CONFLICT', 409, ['Another author has this ORCID iD', 'Find the author by name.']),
  'author-has-books': entry('CONFLICT', 409, [
    'An author of books cannot be deleted',
    'Take the author off these books first.',
  ]),
  'book-not-draft': entry('CONFLICT', 409, [
    'Only a draft can be deleted',
    'Withdraw the book instead: readers may have cited it.',
  ]),
  'totp-enrolled': entry('CONFLICT', 409, [
    'The account has a second factor already',
    'To change it, take off the one that there is first.',
  ]),
  'totp-not-enrolled': entry('CONFLICT', 409, [
    'There is no second factor to do this with',
    'Begin with `POST /api/user/totp`.',
  ]),
  'second-factor-unavailable': entry('CONFLICT', 409, [
    'This server has no key to keep second factors with',
    'Whoever runs it is to set `SECRET_KEY`.',
  ]),
  'account-linked': entry('CONFLICT', 409, [
    'The account is linked to another patient',
    'Unlink it there first.',
  ]),
  'last-admin': entry('CONFLICT', 409, [
    'The last admin cannot be disabled or lose the role',
    'Make somebody else an admin first.',
  ]),
  stale: entry('PRECONDITION_FAILED', 412, [
    'The object has changed since you read it',
    'Read it again, and repeat the change on what you find.',
  ]),
  'contract-mismatch': entry('PRECONDITION_FAILED', 412, [
    'The client was made for another version of the contract',
    'Update the client, or the server, whichever is older.',
  ]),
  'body-too-large': entry('PAYLOAD_TOO_LARGE', 413, ['The body is too large', 'Send less at once.']),
  'unsupported-media-type': entry('UNSUPPORTED_MEDIA_TYPE', 415, [
    'This content type is not taken',
    'Send `application/json`.',
  ]),
  'idempotency-mismatch': entry('UNPROCESSABLE_CONTENT', 422, [
    'The idempotency key was used for another request',
    'Use a new key for a new request.',
  ]),
  'too-many-requests': entry('TOO_MANY_REQUESTS', 429, [
    'Too many requests',
    'Wait as long as `Retry-After` says; `RateLimit-Policy` names the limit.',
  ]),
  unexpected: entry('INTERNAL_SERVER_ERROR', 500, [
    'Something went wrong on our side',
    'Try again; if it stays, report the request id.',
  ]),
  overloaded: entry('SERVICE_UNAVAILABLE', 503, [
    'The service is overloaded or its database is away',
    'Wait as long as `Retry-After` says.',
  ]),
} as const satisfies Record<string, ErrorEntry>

export type ErrorReason = keyof typeof errorCatalogue

/** One invalid field: `path` is dotted (`contributors.0.authorId`), `message` says what is wrong with it. */
export type FieldError = { readonly path: string; readonly message: string }

/** A limit that a call can meet: so many in a window of time. */
export type Limit = { readonly name: string; readonly quota: number; readonly windowSeconds: number }

export type DomainErrorOptions = {
  /** What is the matter in this case, for the caller's eyes. Without it, the catalogue's title. */
  readonly detail?: string
  readonly errors?: readonly FieldError[]
  readonly retryAfterSeconds?: number
  /** The limit that was met. */
  readonly limit?: Limit
  readonly cause?: unknown
}

/** The one error that the rules throw. Only the transports know what status it becomes. */
export class DomainError extends Error {
  override readonly name = 'DomainError'
  readonly reason: ErrorReason
  readonly errors: readonly FieldError[] | undefined
  readonly retryAfterSeconds: number | undefined
  readonly limit: Limit | undefined

  constructor(reason: ErrorReason, options: DomainErrorOptions = {}) {
    super(options.detail ?? errorCatalogue[reason].title, { cause: options.cause })
    this.reason = reason
    this.errors = options.errors
    this.retryAfterSeconds = options.retryAfterSeconds
    this.limit = options.limit
  }

  get entry(): ErrorEntry {
    return errorCatalogue[this.reason]
  }
}

/** Tells whether a text is the name of a reason of the catalogue. */
export function isErrorReason(text: string): text is ErrorReason {
  return Object.hasOwn(errorCatalogue, text)
}
