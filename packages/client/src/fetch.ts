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
 */
export function createPatientFetch({ fetch, timeoutMs, retries }: PatientFetchOptions): Fetch {
  const once: Fetch = async (input, init) => {
    const timeout = new AbortController()
    const timer = setTimeout(
      () => timeout.abort(new DOMException('no answer in time', 'TimeoutError')),
      timeoutMs,
    )
    const signals = [timeout.signal, ...(init?.signal ? [init.signal] : [])]
    try {
      return await fetch(input, { ...init, signal: AbortSignal.any(signals) })
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
        if (isLast || init?.signal?.aborted) throw error
        return null
      })
      if (answer !== null && (isLast || !busy.has(answer.status))) return answer
      await answer?.body?.cancel()
      await wait(answer, attempt)
    }
  }
}

async function wait(answer: Response | null, attempt: number): Promise<void> {
  const asked = Number(answer?.headers.get('retry-after') ?? Number.NaN) * 1000
  const ms = Number.isNaN(asked) ? 200 * 2 ** attempt : Math.min(asked, longestWaitMs)
  await new Promise((resolve) => setTimeout(resolve, ms * (0.8 + Math.random() * 0.4)))
}
