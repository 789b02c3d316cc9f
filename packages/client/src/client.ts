import { createTRPCUntypedClient, httpBatchStreamLink } from '@trpc/client'
import { callsOf } from './calls.ts'
import { contractVersion, type CasebookClient } from './contract.generated.ts'
import { abortedError, toCasebookError } from './errors.ts'
import { createCasebookFetch, createPatientFetch, type Fetch } from './fetch.ts'

export type CasebookClientOptions = {
  /** Where the server is, such as `http://127.0.0.1:3000`. */
  readonly url: string
  /** A bearer token, or what gives the one to use now; without it, calls are anonymous. */
  readonly token?: string | (() => string | undefined | Promise<string | undefined>) | undefined
  /**
   * Headers of every call. `x-casebook-reason` says why private data is looked at, and the audit trail keeps it: one line
   * of 200 characters at most, by `encodeURIComponent`.
   */
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
 * CasebookError, but for what `token` throws itself. Each call takes options: `signal` ends it, and `idempotencyKey` lets a create be sent again without
 * being done twice.
 */
export function createCasebookClient(options: CasebookClientOptions): CasebookClient {
  const { token, timeoutMs = 30_000, retries = 2 } = options
  if (!URL.canParse(options.url)) throw new TypeError(`«${options.url}» is no URL`)
  const base = options.url.replace(/\/+$/, '')
  const patient = createPatientFetch({ fetch: options.fetch ?? globalThis.fetch, timeoutMs, retries })
  const shared = {
    url: `${base}/trpc`,
    // tRPC's own type of fetch, which it does not export, says the same in other words.
    fetch: createCasebookFetch(patient) as NonNullable<Parameters<typeof httpBatchStreamLink>[0]['fetch']>,
    maxURLLength: 8000,
    headers: ({ opList: [call] }: { opList: readonly { context: Record<string, unknown> }[] }) =>
      (call?.context['headers'] ?? {}) as Record<string, string>,
  }
  const clientOf = (maxItems: number) =>
    createTRPCUntypedClient({ links: [httpBatchStreamLink({ ...shared, maxItems })] })
  const alone = clientOf(1)
  const together = clientOf(maxBatch)
  const calls = callsOf(async (path, kind, { input, options: { signal, idempotencyKey } }) => {
    const bearer = typeof token === 'function' ? await token() : token
    if (signal?.aborted === true) throw abortedError(signal.reason)
    const headers = {
      ...options.headers,
      'casebook-contract': contractVersion,
      // No token has what is encoded here; fetch would say what it was, where the server says that it is none.
      ...(bearer === undefined ? {} : { authorization: `Bearer ${encodeURI(bearer)}` }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    }
    // A key is of one call, and a call that may be ended must not end others: neither goes with others in a batch.
    const client = idempotencyKey === undefined && signal === undefined ? together : alone
    const settings = { context: { headers }, ...(signal === undefined ? {} : { signal }) }
    try {
      const value = await (kind === 'query'
        ? client.query(path, input, settings)
        : client.mutation(path, input, settings))
      return isAsyncIterable(value) ? withCasebookErrors(value, { url: base, signal }) : value
    } catch (error) {
      throw toCasebookError(error, base, signal)
    }
  })
  return calls as CasebookClient
}

async function* withCasebookErrors(
  items: AsyncIterable<unknown>,
  { url, signal }: { url: string; signal: AbortSignal | undefined },
): AsyncGenerator<unknown, void, undefined> {
  try {
    yield* items
  } catch (error) {
    throw toCasebookError(error, url, signal)
  }
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}
