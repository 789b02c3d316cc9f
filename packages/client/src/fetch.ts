import { problemError, WayError, type Problem } from './errors.ts'

export type Fetch = typeof globalThis.fetch

export type PatientFetchOptions = {
  readonly fetch: Fetch
  /** Time until the answer begins, in milliseconds. */
  readonly timeoutMs: number
  /** How often a call that may be repeated is tried again. */
  readonly retries: number
}

const busy = new Set([429, 502, 503, 504])
const longestWaitMs = 10_000

/**
 * Makes a fetch that gives up when no answer begins in time, and that tries again what may be repeated, reads and
 * what has an idempotency key: when the server cannot be reached, or is busy, after the time that it asks for.
 * Throws WayError, or what the caller's signal was aborted with.
 */
export function createPatientFetch({ fetch, timeoutMs, retries }: PatientFetchOptions): Fetch {
  const once: Fetch = async (input, init) => {
    const timeout = new AbortController()
    const timer = setTimeout(() => timeout.abort(), timeoutMs)
    const signals = [timeout.signal, ...(init?.signal ? [init.signal] : [])]
    try {
      return await fetch(input, { ...init, signal: AbortSignal.any(signals) })
    } catch (error) {
      if (init?.signal?.aborted === true) throw error
      throw new WayError(timeout.signal.aborted ? 'timed-out' : 'unreachable', error)
    } finally {
      clearTimeout(timer)
    }
  }
  return async (input, init) => {
    const isRepeatable =
      (init?.method ?? 'GET') === 'GET' || new Headers(init?.headers).has('idempotency-key')
    for (let attempt = 0; ; attempt += 1) {
      const isLast = !isRepeatable || attempt >= retries
      const answer = await once(input, init).catch((error: unknown) => {
        if (isLast || !(error instanceof WayError)) throw error
        return null
      })
      if (answer !== null && (isLast || !busy.has(answer.status))) return answer
      await answer?.body?.cancel()
      await wait(answer, { attempt, signal: init?.signal })
    }
  }
}

type Waiting = { readonly attempt: number; readonly signal: AbortSignal | null | undefined }

async function wait(answer: Response | null, { attempt, signal }: Waiting): Promise<void> {
  const asked = Number(answer?.headers.get('retry-after') ?? Number.NaN) * 1000
  const ms = Number.isNaN(asked) ? 200 * 2 ** attempt : Math.min(asked, longestWaitMs)
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms * (0.8 + Math.random() * 0.4))
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    })
  })
}

/** Makes a fetch that lets only answers of Casebook's tRPC through. Throws CasebookError and WayError. */
export function createCasebookFetch(fetch: Fetch): Fetch {
  return async (input, init) => {
    const answer = await fetch(input, init)
    const type = answer.headers.get('content-type') ?? ''
    if (type.startsWith('application/json')) return answer
    if (type.startsWith('application/problem+json') && answer.status !== 404)
      throw problemError((await answer.json()) as Problem)
    await answer.body?.cancel()
    throw new WayError(busy.has(answer.status) ? 'unreachable' : 'not-casebook')
  }
}
