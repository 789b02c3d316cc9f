import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { createCasebookClient } from '@casebook/client'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createServers, type Served } from '../run-server.ts'

let folder: string
let servers: ReturnType<typeof createServers>
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'casebook-end-'))
  servers = createServers(folder)
})
afterEach(async () => {
  await servers.endAll()
  rmSync(folder, { recursive: true, force: true })
})

/** Books whose list is more than the system keeps on its way for a client that does not read. */
const many = 15_000

const env = { LOG_LEVEL: 'error' }

type Sent = { readonly title: string; readonly status: number | null }

/** Creates books over connections that are kept, as several callers, until nobody answers any more. */
function createWrites(url: string, token: string) {
  const agent = new Agent({ keepAlive: true })
  const sent: Sent[] = []
  const waiting = new Set<{ readonly answers: number; resolve(): void }>()

  const create = async (title: string): Promise<number | null> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const asked = request(`${url}/api/books`, { method: 'POST', agent, headers })
    asked.end(JSON.stringify({ title }))
    try {
      const [answer] = (await once(asked, 'response')) as [IncomingMessage]
      await text(answer)
      return answer.complete ? (answer.statusCode ?? null) : null
    } catch {
      return null
    }
  }

  const callUntilGone = async (caller: number) => {
    for (let n = 0; ; n += 1) {
      const title = `Ended ${caller}-${n}`
      const status = await create(title)
      sent.push({ title, status })
      for (const one of waiting) if (sent.length >= one.answers) one.resolve()
      if (status === null) return
    }
  }

  return {
    run: (callers: number) =>
      Promise.all(Array.from({ length: callers }, (_, caller) => callUntilGone(caller))),
    after(answers: number): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.add({ answers: sent.length + answers, resolve })
      return promise
    },
    titlesOf: (isAnswered: boolean) =>
      sent.filter(({ status }) => (status !== null) === isAnswered).map(({ title }) => title),
    statuses: () => new Set(sent.flatMap(({ status }) => status ?? [])),
  }
}

async function login({ url }: Served): Promise<string> {
  const account = { username: 'editor', password: 'editor-of-casebook' }
  return (await createCasebookClient({ url }).auth.login.mutate(account)).token
}

/** Asks a process to end, and gives the seconds that it took when it has. */
async function end({ child }: Served): Promise<number> {
  const began = performance.now()
  child.kill('SIGTERM')
  await once(child, 'exit')
  return (performance.now() - began) / 1000
}

describe('security 25: a server that is asked to end', () => {
  test('finishes every request that it has taken, and is gone', async () => {
    const server = await servers.serve(['--sample'], env)
    const writes = createWrites(server.url, await login(server))
    const running = writes.run(16)
    await writes.after(100)
    const seconds = await end(server)
    await running
    expect([server.child.exitCode, server.errors()]).toEqual([0, ''])
    expect(seconds).toBeLessThan(10)
    expect(writes.statuses()).toEqual(new Set([201]))

    const again = await servers.serve([], env)
    const client = createCasebookClient({ url: again.url, token: await login(again) })
    const kept = new Set<string>()
    for await (const { title } of await client.books.stream.query({ status: 'draft' })) kept.add(title)
    const answered = writes.titlesOf(true)
    expect(answered.filter((title) => !kept.has(title))).toEqual([])
    // What was done has been answered: no request was cut that had been taken.
    expect(writes.titlesOf(false).filter((title) => kept.has(title))).toEqual([])
    console.log(`${answered.length} writes answered, 0 cut, gone after ${seconds.toFixed(1)} s`)
  })

  test(
    'sends a whole list to its end, and waits for nobody who does not read it',
    { timeout: 120_000 },
    async () => {
      expect(await servers.outcome(['migrate'], env)).toMatchObject({ code: 0 })
      expect(await servers.outcome(['generate', '--books', String(many)], env)).toMatchObject({ code: 0 })
      const server = await servers.serve([], env)
      const stuck = await askWithoutReading(server.url)
      const asked = request(`${server.url}/api/books`, { agent: false }).end()
      const [answer] = (await once(asked, 'response')) as [IncomingMessage]
      const quiet = connect(Number(new URL(server.url).port), '127.0.0.1')
      await once(quiet, 'connect')

      const ending = end(server)
      const books = JSON.parse(await text(answer)) as unknown[]
      const seconds = await ending
      stuck.destroy()
      quiet.destroy()
      expect(answer.complete).toBe(true)
      expect(books.length).toBeGreaterThanOrEqual(many)
      expect(seconds).toBeLessThan(10)
      console.log(
        `a list of ${books.length} sent to its end; gone after ${seconds.toFixed(1)} s with a client that reads nothing`,
      )
    },
  )
})

/** Asks for a whole list, and reads no more of it than that it has begun. */
async function askWithoutReading(url: string): Promise<Socket> {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1' })
  socket.write('GET /api/books HTTP/1.1\r\nhost: x\r\n\r\n')
  await once(socket, 'readable')
  return socket
}
