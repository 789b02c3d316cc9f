import { createCasebookClient } from '@casebook/client'

type Noted = { readonly status: number; readonly what: string }

const json = { 'content-type': 'application/json' }

/** Makes what reads and writes over both transports, and notes every answer. */
export async function createWatch(url: string) {
  const account = { username: 'editor', password: 'editor-of-casebook' }
  const { token } = await createCasebookClient({ url }).auth.login.mutate(account)
  const headers = { authorization: `Bearer ${token}` }
  const calls: ((n: number) => [path: string, init?: RequestInit])[] = [
    () => ['/api/books?limit=5'],
    () => [`/trpc/books.list?input=${encodeURIComponent('{"limit":5}')}`],
    () => ['/api/books'],
    (n) => ['/api/books', { method: 'POST', body: JSON.stringify({ title: `Watched ${n}` }) }],
    (n) => ['/trpc/books.create', { method: 'POST', body: JSON.stringify({ title: `Watched ${n}` }) }],
    () => ['/trpc/books.list,auth.me?batch=1&input=%7B%7D'],
    () => ['/api/authors?limit=3'],
  ]
  const statuses = new Map<number, number>()
  const unsound: Noted[] = []
  const waiting = new Set<{ readonly answers: number; resolve(): void }>()
  const over = new AbortController()
  let answers = 0

  const note = async (response: Response) => {
    const { status } = response
    const body = await response.text()
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    const what = `${response.url} ${body.slice(0, 300)}`
    if (![200, 201, 207, 503].includes(status)) unsound.push({ status, what })
    if (status !== 503) return
    const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json')
    const isTold = response.url.includes('/trpc/') ? body.includes('"reason":"overloaded"') : isProblem
    if (!isTold || response.headers.get('retry-after') === null) unsound.push({ status, what })
  }

  const call = async (n: number) => {
    const make = calls[n % calls.length]
    if (make === undefined) return
    const [path, init] = make(n)
    try {
      await note(await fetch(url + path, { ...init, headers: { ...headers, ...json } }))
    } catch (error) {
      unsound.push({ status: 0, what: `${path}: ${String(error)} ${String((error as Error).cause)}` })
    }
    answers += 1
    for (const one of waiting) if (answers >= one.answers) one.resolve()
  }

  return {
    call,
    /** Calls until it is stopped. */
    load: (callers: number) =>
      Promise.all(
        Array.from({ length: callers }, async (_, caller) => {
          for (let n = caller; !over.signal.aborted; n += 1) await call(n)
        }),
      ),
    stop: () => over.abort(),
    /** Resolves after that many more answers. */
    after(more: number): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>()
      const one = { answers: answers + more, resolve }
      waiting.add(one)
      return promise.finally(() => waiting.delete(one))
    },
    ready: async () => (await fetch(`${url}/readyz`)).status === 200,
    statuses: () => statuses,
    /** Answers that no fault of a database explains. */
    unsound: () => unsound.slice(0, 5),
    summary: () => [...statuses].map(([status, count]) => `${status} ${count}×`).join(', '),
  }
}
