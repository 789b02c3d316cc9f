import { createCasebookClient, isCasebookError } from '@casebook/client'
import type { Received } from '../start-test-server.ts'

export const password = 'nine tired otters swim'

export type Attempt = {
  readonly username: string
  readonly typed?: string
  /** Where the caller says it comes from; counts where the server trusts a proxy at 127.0.0.1. */
  readonly from?: string
}
export type Outcome = {
  /** `done`, or the reason of the failure. */
  readonly outcome: string
  readonly retryAfterSeconds: number | undefined
}

/** What attempts are made on: a server with an address. */
export type Target = { readonly url: string }

/** A log-in over each transport. */
export const transports = {
  REST: (target: Target, { username, typed = password, from }: Attempt): Promise<Outcome> =>
    post(target, '/api/user/login', { body: { username, password: typed }, from }),
  tRPC: async ({ url }: Target, { username, typed = password, from }: Attempt): Promise<Outcome> => {
    const headers: Record<string, string> = from === undefined ? {} : { 'x-forwarded-for': from }
    const client = createCasebookClient({ url, retries: 0, headers })
    return outcomeOf(client.auth.login.mutate({ username, password: typed }))
  },
} as const

export type Transport = keyof typeof transports
export const names = Object.keys(transports) as Transport[]

/** Tells how a call of the typed client ended. */
export async function outcomeOf(call: Promise<unknown>): Promise<Outcome> {
  try {
    await call
    return { outcome: 'done', retryAfterSeconds: undefined }
  } catch (error) {
    if (!isCasebookError(error)) throw error
    return { outcome: error.reason, retryAfterSeconds: error.retryAfterSeconds }
  }
}

/** Posts JSON, and tells how it ended. */
export async function post(
  { url }: Target,
  path: string,
  {
    body,
    from,
    headers = {},
  }: { body: unknown; from?: string | undefined; headers?: Record<string, string> },
): Promise<Outcome> {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(from === undefined ? {} : { 'x-forwarded-for': from }),
      ...headers,
    },
    body: JSON.stringify(body),
  })
  const problem = (await answer.json()) as { type?: string }
  const seconds = answer.headers.get('retry-after')
  return {
    outcome: problem.type?.split('/problems/')[1] ?? 'done',
    retryAfterSeconds: seconds === null ? undefined : Number(seconds),
  }
}

/** Counts how many ended in each way. */
export function tally(outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { outcome } of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}

/** Runs as many at once as there are. */
export function together<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => work(index)))
}

/** The headers of an answer but for those that differ from call to call. */
export function headersOf({ headers }: Received): Record<string, string> {
  const changing = new Set(['x-request-id', 'date', 'keep-alive', 'connection'])
  return Object.fromEntries([...headers].filter(([name]) => !changing.has(name)))
}
