// What a request costs the server, against a bare Fastify route with the same work: `npm run requests` in bench/.
// Medians of interleaved rounds; CPU of the server's process a request, so that the load's own work does not count.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const rounds = 7
const connections = 8
const ways = ['bare', 'rest', 'trpc'] as const
type Way = (typeof ways)[number]

const input = (value: object) => `?input=${encodeURIComponent(JSON.stringify(value))}`
const works: readonly { name: string; requests: number; paths: Readonly<Record<Way, string>> }[] = [
  {
    name: 'one object',
    requests: 4000,
    paths: { bare: '/bare/books/x', rest: '/rest/books/x', trpc: `/trpc/one${input({ id: 'x' })}` },
  },
  {
    name: 'a page of 100',
    requests: 1500,
    paths: {
      bare: '/bare/books?limit=100',
      rest: '/rest/books?limit=100',
      trpc: `/trpc/list${input({ limit: 100 })}`,
    },
  },
  {
    name: 'a stream of 10,000',
    requests: 20,
    paths: {
      bare: '/bare/books',
      rest: '/rest/books',
      trpc: `/trpc/stream?batch=1&input=${encodeURIComponent('{"0":{}}')}`,
    },
  },
]

const server = spawn(process.execPath, [join(import.meta.dirname, 'request-server.ts')], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
const [url] = (await once(createInterface({ input: server.stdout }), 'line')) as [string]
const agent = new Agent({ keepAlive: true, maxSockets: connections })
try {
  for (const work of works) for (const way of ways) await load(work.paths[way], Math.ceil(work.requests / 4))
  console.table(await measure())
} finally {
  agent.destroy()
  server.kill()
}

async function measure(): Promise<object[]> {
  const rows: object[] = []
  for (const { name, requests, paths } of works) {
    const costs: Record<Way, number[]> = { bare: [], rest: [], trpc: [] }
    for (let round = 0; round < rounds; round += 1)
      for (const way of ways) costs[way].push(await cost(paths[way], requests))
    const [bare, rest, trpc] = ways.map((way) => median(costs[way])) as [number, number, number]
    rows.push({
      work: name,
      'bare µs': Math.round(bare),
      '@casebook/rest µs': Math.round(rest),
      'tRPC adapter µs': Math.round(trpc),
      'rest / bare': (rest / bare).toFixed(2),
      'tRPC / bare': (trpc / bare).toFixed(2),
    })
  }
  return rows
}

/** CPU of the server for one request, in microseconds. */
async function cost(path: string, requests: number): Promise<number> {
  const before = await cpu()
  await load(path, requests)
  return ((await cpu()) - before) * (1000 / requests)
}

async function load(path: string, requests: number): Promise<void> {
  let left = requests
  const work = async () => {
    while (left > 0) {
      left -= 1
      await get(path)
    }
  }
  await Promise.all(Array.from({ length: connections }, work))
}

async function cpu(): Promise<number> {
  return (JSON.parse(await get('/cpu')) as { ms: number }).ms
}

async function get(path: string): Promise<string> {
  const isBatch = path.includes('batch=1')
  const sent = request(url + path, { agent, headers: isBatch ? { 'trpc-accept': 'application/jsonl' } : {} })
  sent.end()
  const [answer] = (await once(sent, 'response')) as [NodeJS.ReadableStream & { statusCode: number }]
  const parts: Buffer[] = []
  for await (const part of answer) parts.push(part as Buffer)
  if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode}`)
  return path === '/cpu' ? Buffer.concat(parts).toString() : ''
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
}
