import { createTRPCUntypedClient, httpBatchStreamLink, splitLink } from '@trpc/client'
import { callsOf } from './calls.ts'
import { contractVersion, type CasebookClient } from './contract.generated.ts'
import { toCasebookError } from './errors.ts'
import { createPatientFetch, type Fetch } from './fetch.ts'

export type CasebookClientOptions = {
  /** Where the server is, such as `http://127.0.0.1:3000`. */
  readonly url: string
  /** A bearer token, or what gives the one to use now; without it, calls are anonymous. */
  readonly token?: string | (() => string | undefined | Promise<string | undefined>) | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly fetch?: Fetch | undefined
  /** Time until an answer begins, in milliseconds; 30 seconds unless told. */
  readonly timeoutMs?: number | undefined
  /** How often a call that may be repeated is tried again when the server is away or busy; twice unless told. */
  readonly retries?: number | undefined
}

/** Calls that a server takes in one batch. */
const maxBatch = 10

/**
 * Makes a client of the whole contract: `client.books.list.query({ q: 'nursing' })`. Every failure is a
 * CasebookError. Each call takes options: `signal` ends it, and `idempotencyKey` lets a create be sent again without
 * being done twice.
 */
export function createCasebookClient(options: CasebookClientOptions): CasebookClient {
  const { token, timeoutMs = 30_000, retries = 2 } = options
  const base = options.url.replace(/\/+$/, '')
  const fetch = createPatientFetch({ fetch: options.fetch ?? globalThis.fetch, timeoutMs, retries })
  const headers = async (): Promise<Record<string, string>> => {
    const bearer = typeof token === 'function' ? await token() : token
    return {
      ...options.headers,
      'casebook-contract': contractVersion,
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    }
  }
  const shared = {
    url: `${base}/trpc`,
    // tRPC's own type of fetch, which it does not export, says the same in other words.
    fetch: fetch as NonNullable<Parameters<typeof httpBatchStreamLink>[0]['fetch']>,
    maxURLLength: 8000,
  }
  const client = createTRPCUntypedClient({
    links: [
      splitLink({
        condition: ({ context }) => typeof context['idempotencyKey'] === 'string',
        true: httpBatchStreamLink({
          ...shared,
          maxItems: 1,
          headers: async ({ opList: [call] }) => ({
            ...(await headers()),
            'idempotency-key': String(call.context['idempotencyKey']),
          }),
        }),
        false: httpBatchStreamLink({ ...shared, headers, maxItems: maxBatch }),
      }),
    ],
  })
  const calls = callsOf(async (path, kind, { input, options: { signal, idempotencyKey } }) => {
    const context = idempotencyKey === undefined ? {} : { idempotencyKey }
    const settings = signal === undefined ? { context } : { context, signal }
    try {
      const value = await (kind === 'query'
        ? client.query(path, input, settings)
        : client.mutation(path, input, settings))
      return isAsyncIterable(value) ? withCasebookErrors(value, base) : value
    } catch (error) {
      throw toCasebookError(error, base)
    }
  })
  return calls as CasebookClient
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
