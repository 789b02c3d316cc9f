import { TRPCError } from '@trpc/server'

export type RequestErrorOptions = {
  readonly errors?: readonly { readonly path: string; readonly message: string }[]
  readonly cause?: unknown
}

/** The request itself is wrong; `message` may be shown to the caller. */
export class RequestError extends TRPCError {
  readonly errors: RequestErrorOptions['errors']

  constructor(code: TRPCError['code'], message: string, options: RequestErrorOptions = {}) {
    super({ code, message, cause: options.cause })
    this.errors = options.errors
  }
}
