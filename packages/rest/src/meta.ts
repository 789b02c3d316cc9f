import type { TRPCError } from '@trpc/server'

export type RestMethod = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

export type SuccessStatus = 200 | 201 | 202 | 204
export type FailureStatus = 400 | 401 | 403 | 404 | 409 | 410 | 412 | 422 | 423 | 429

/** How a procedure is reached over REST; stands in the procedure's meta as `rest`. */
export type RestMeta = {
  readonly method: RestMethod
  /** `{x}` is the field `x` of the input. */
  readonly path: string
  /** Status of success; 204 for DELETE, else 200. */
  readonly status?: SuccessStatus
  /** Value of `Location`; `{x}` is a field of the output. */
  readonly location?: string
  /** Regular expressions of path parameters, by which procedures with one path are told apart. */
  readonly match?: Readonly<Record<string, string>>
  /** The output is `{ items, nextCursor }`, answered as an array; `stream` names the procedure of the whole list. */
  readonly list?: { readonly stream?: string }
  /** An empty list is 404: always, or when one of these query fields is given. */
  readonly emptyIsNotFound?: true | readonly string[]
  /** Statuses of failures where they are not the usual ones, by reason. */
  readonly statuses?: Readonly<Record<string, FailureStatus | undefined>>
  /** Fields that a method with a body takes from the query, too. */
  readonly input?: { readonly query?: readonly string[] }
}

export type RestExample = { readonly summary: string; readonly input?: unknown; readonly output?: unknown }

/** What this package reads of a procedure's meta; it may hold more. */
export type ProcedureMeta = {
  readonly rest?: RestMeta
  readonly summary?: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly examples?: readonly RestExample[]
}

/** A failure as the caller sees it (RFC 9457). */
export type Problem = {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail?: string
  readonly code: TRPCError['code']
  readonly errors?: readonly { readonly path: string; readonly message: string }[]
  readonly retryAfterSeconds?: number
  /** Further headers of the answer. */
  readonly headers?: Readonly<Record<string, string>>
}

/** `If-Match` of a request: tells whether the object as it is now is the one that the caller has read. */
export type Precondition = { holds(current: unknown): boolean }

/** `Idempotency-Key` of a request, with a keyed hash over method, path and body. */
export type IdempotencyKey = { readonly key: string; readonly fingerprint: string }
