import type { AppRouter } from '@casebook/api'
import {
  createTRPCClient,
  httpBatchStreamLink,
  httpLink,
  splitLink,
  type TRPCClient,
  type TRPCLink,
} from '@trpc/client'
import { observable } from '@trpc/server/observable'
import { toCasebookError } from './errors.ts'
import { createPatientFetch, type Fetch } from './fetch.ts'

export type CasebookClientOptions = {
  /** Where the server is, such as `http://127.0.0.1:3000`. */
  readonly url: string
  /** A bearer token, or what gives the one to use now; without it, calls are anonymous. */
  readonly token?: string | (() => string | undefined | Promise<string | undefined>) | undefined
  readonly headers?: Readonly<Record<string, string>>
  readonly fetch?: Fetch
  /** Time until an answer begins, in milliseconds; 30 seconds unless told. */
  readonly timeoutMs?: number
  /** How often a query is tried again when the server is away or busy; twice unless told. */
  readonly retries?: number
}

export type CasebookClient = TRPCClient<AppRouter>

type LinkFetch = NonNullable<NonNullable<Parameters<typeof httpLink<AppRouter>>[0]>['fetch']>

/** Calls that a server takes in one batch. */
const maxBatch = 10

/**
 * Makes a client of the whole contract: `client.books.list.query({ q: 'nursing' })`. Every failure is a
 * CasebookError. A create takes `{ context: { idempotencyKey } }` as its second argument, so that it may be sent
 * again without being done twice.
 */
export function createCasebookClient(options: CasebookClientOptions): CasebookClient {
  const { token, timeoutMs = 30_000, retries = 2 } = options
  const base = options.url.replace(/\/+$/, '')
  const url = `${base}/trpc`
  // tRPC's own type of fetch, which it does not export, says the same in other words.
  const fetch = createPatientFetch({
    fetch: options.fetch ?? globalThis.fetch,
    timeoutMs,
    retries,
  }) as LinkFetch
  const headers = async (): Promise<Record<string, string>> => {
    const bearer = typeof token === 'function' ? await token() : token
    return { ...options.headers, ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }) }
  }
  return createTRPCClient<AppRouter>({
    links: [
      errorLink(base),
      splitLink({
        condition: ({ context }) => typeof context['idempotencyKey'] === 'string',
        true: httpLink({
          url,
          fetch,
          headers: async ({ op }) => ({
            ...(await headers()),
            'idempotency-key': String(op.context['idempotencyKey']),
          }),
        }),
        false: httpBatchStreamLink({ url, fetch, headers, maxItems: maxBatch, maxURLLength: 8000 }),
      }),
    ],
  })
}

/** Makes every failure a CasebookError, also one in the middle of a stream. */
function errorLink(url: string): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) =>
        next(op).subscribe({
          next: (value) => {
            const { result } = value
            if (result.type !== 'data' && result.type !== undefined) return observer.next(value)
            const data = isAsyncIterable(result.data) ? withCasebookErrors(result.data, url) : result.data
            return observer.next({ ...value, result: { ...result, data } })
          },
          error: (error) => observer.error(toCasebookError(error, url)),
          complete: () => observer.complete(),
        }),
      )
}

async function* withCasebookErrors(
  items: AsyncIterable<unknown>,
  url: string,
): AsyncGenerator<unknown, void, undefined> {
  try {
    yield* items
  } catch (error) {
    throw toCasebookError(error, url)
  }
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}
