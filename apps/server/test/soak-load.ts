import { setTimeout as pause } from 'node:timers/promises'

/** A create that a server has acknowledged: what it was asked for, and the id that it gave. */
type Acknowledged = { readonly title: string; readonly id: string }

/** How long a request is sent again and again, while a server or its database is away. */
const patienceMs = 60_000

type Answer = { readonly status: number; readonly json: unknown }
type Sent = { readonly token: string; readonly body?: object; readonly key?: string }

const patientId = 'pat_01jd3xq5e0f2q8n4v6z8a1b3e1'

/** Creates, changes and reads books and records at several servers, as many callers at once. */
export function createLoad(urls: readonly string[], tokens: { author: string; clinician: string }) {
  const books: Acknowledged[] = []
  const records: Acknowledged[] = []
  const statuses = new Map<number, number>()
  let created = 0
  const over = new AbortController()
  const waiting = new Set<{ readonly creates: number; resolve(): void }>()

  /** Sends to whichever server, and to another one while there is none or it is busy. */
  const send = async (method: string, path: string, { token, body, key }: Sent): Promise<unknown> => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    }
    const init = { method, headers, body: body === undefined ? null : JSON.stringify(body) }
    const deadline = Date.now() + patienceMs
    while (Date.now() < deadline) {
      const url = urls[Math.floor(Math.random() * urls.length)] ?? ''
      const answer = await fetch(url + path, { ...init, signal: AbortSignal.timeout(20_000) })
        .then(async (response): Promise<Answer> => ({ status: response.status, json: await response.json() }))
        .catch(() => undefined)
      if (answer !== undefined) statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
      if (answer !== undefined && answer.status !== 503) return answer.json
      await pause(20)
    }
    throw new Error(`${method} ${path} was never answered`)
  }

  const create = async (
    path: string,
    into: Acknowledged[],
    sent: { token: string; body: { title: string } },
  ) => {
    const json = (await send('POST', path, { ...sent, key: sent.body.title })) as { id: string }
    into.push({ title: sent.body.title, id: json.id })
    created += 1
    for (const one of waiting) if (created >= one.creates) one.resolve()
  }

  const act = async (caller: number, round: number) => {
    const { author, clinician } = tokens
    const title = `${caller}-${round}`
    await create('/api/books', books, { token: author, body: { title } })
    const body = { patientId, date: '2026-02-03', kind: 'encounter', title }
    await create('/records', records, { token: clinician, body })
    const [book, record] = [anyOf(books), anyOf(records)]
    await send('GET', `/api/books/${book.id}`, { token: author })
    await send('PATCH', `/api/books/${book.id}`, { token: author, body: { description: title } })
    await send('PATCH', `/records/${record.id}`, { token: clinician, body: { notes: title } })
    await send('GET', '/api/books?limit=20', { token: author })
    await send('GET', `/records?patientId=${patientId}&limit=20`, { token: clinician })
  }

  return {
    books,
    records,
    statuses,
    /** Works until it is stopped; whatever a caller has begun comes to its end. */
    run: (callers: number) =>
      Promise.all(
        Array.from({ length: callers }, async (_, caller) => {
          for (let round = 1; !over.signal.aborted; round += 1) await act(caller, round)
        }),
      ),
    stop: () => over.abort(),
    /** Resolves after that many more creates have been acknowledged. */
    after(creates: number): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>()
      const one = { creates: created + creates, resolve }
      waiting.add(one)
      return promise.finally(() => waiting.delete(one))
    },
  }
}

function anyOf(all: readonly Acknowledged[]): Acknowledged {
  const one = all[Math.floor(Math.random() * all.length)]
  if (one === undefined) throw new Error('nothing has been acknowledged yet')
  return one
}
