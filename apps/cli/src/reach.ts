import { subscribe, unsubscribe } from 'node:diagnostics_channel'

type Fetch = typeof globalThis.fetch

/** Within this, attempts together, a server has to be reached. */
const reachMs = 3200
/** So long it may say nothing before it is asked whether it lives, which has to be answered before `reachMs`. */
const silentMs = 2000
/** What Node's fetch tells when a connection stands and a request goes out on it. */
const sent = 'undici:client:sendHeaders'

/**
 * Makes a fetch that gives up within seconds when no connection stands, or when the server has stopped. One that takes
 * its time for an answer, as of a long list, answers `/healthz` meanwhile; one that has answered before is not
 * doubted, nor one that is sent much, which may well keep it from answering.
 */
export function createReachingFetch(): Fetch {
  const giveUp = new AbortController()
  const deadline = performance.now() + reachMs
  let isReached = false
  let isAnswered = false
  return async (input, init) => {
    giveUp.signal.throwIfAborted()
    const left = isReached ? reachMs : deadline - performance.now()
    const timer = setTimeout(() => giveUp.abort(), Math.max(0, left))
    const doubt = isAnswered || isMuch(init?.body) ? undefined : setTimeout(askWhetherItLives, silentMs)
    async function askWhetherItLives() {
      const isDead = !(await isAlive(new URL('/healthz', urlOf(input))))
      // The answer may have come while that was asked.
      if (isDead && !isAnswered) giveUp.abort()
    }
    const reach = () => {
      isReached = true
      clearTimeout(timer)
    }
    subscribe(sent, reach)
    try {
      const signals = [giveUp.signal, ...(init?.signal ? [init.signal] : [])]
      const answer = await fetch(input, { ...init, signal: AbortSignal.any(signals) })
      isAnswered = true
      return answer
    } finally {
      clearTimeout(timer)
      clearTimeout(doubt)
      unsubscribe(sent, reach)
    }
  }
}

function isMuch(body: unknown): boolean {
  return typeof body === 'string' && body.length > 10_000
}

async function isAlive(url: URL): Promise<boolean> {
  try {
    await fetch(url, { signal: AbortSignal.timeout(reachMs - silentMs) })
    return true
  } catch {
    return false
  }
}

function urlOf(input: Parameters<Fetch>[0]): string {
  return input instanceof Request ? input.url : String(input)
}
