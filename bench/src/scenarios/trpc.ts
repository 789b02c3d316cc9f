import type { Bench } from '../bench.ts'
import { linesOf, measureRounds, ratioOf, type Load } from '../measure/rounds.ts'
import { assertSameAnswers } from '../measure/same-answer.ts'
import { shuffle } from '../measure/statistics.ts'
import type { Outcome } from '../outcome.ts'
import { startOurs, startPeer, type Server } from '../setup/server.ts'
import { walkPages } from '../setup/walk.ts'
import { limit, ours, trpcBatch, trpcPage } from './contenders.ts'

const stock = "tRPC's Fastify adapter"
const checked = `${stock}, outputs parsed`
const batchSize = 10

/** Pages and batches over tRPC. */
export async function measureTrpc(bench: Bench): Promise<Outcome> {
  const { url: databaseUrl, bookIds } = await bench.lookups()
  await using servers = new AsyncDisposableStack()
  const server = servers.use(await startOurs(bench, databaseUrl))
  const others: readonly { who: string; server: Server }[] = [
    { who: stock, server: servers.use(await startPeer(bench, 'trpc.ts', { databaseUrl })) },
    {
      who: checked,
      server: servers.use(await startPeer(bench, 'trpc.ts', { databaseUrl, CHECKED: 'true' })),
    },
  ]
  const first = `${server.url}/api/books?limit=${limit}`
  const pages = shuffle(await walkPages<{ id: string }>(first, { most: 1000 }))
  const lists: Load[] = [
    { who: ours, server, requests: pages.map(({ cursor }) => trpcPage(cursor)) },
    ...others.map((other) => ({ ...other, requests: pages.map(({ after }) => trpcPage(after?.id ?? null)) })),
  ]
  const batches = Array.from({ length: Math.floor(bookIds.length / batchSize) }, (_, place) =>
    trpcBatch(bookIds.slice(place * batchSize, (place + 1) * batchSize)),
  )
  const gets: Load[] = [{ who: ours, server }, ...others].map((one) => ({ ...one, requests: batches }))
  await assertSameAnswers(
    lists,
    (body) => (body as { result: { data: { items: unknown } } }).result.data.items,
  )
  await assertSameAnswers(gets)
  const ofLists = await measureRounds(bench, lists)
  const ofGets = await measureRounds(bench, gets)
  const goal = { bound: 2, sense: 'at least', unit: '×' } as const
  return {
    scenario: 'trpc',
    title: `Over tRPC: books.list of ${limit}, and ${batchSize} books.get in one batch`,
    lines: [
      ...linesOf('books.list', lists, { rounds: ofLists, baseline: stock }),
      ...linesOf(`${batchSize} × books.get`, gets, { rounds: ofGets, baseline: stock }),
    ],
    goals: [
      { claim: `books.list against ${stock}`, value: ratioOf(ofLists, ours, stock), ...goal },
      { claim: `a batch of books.get against ${stock}`, value: ratioOf(ofGets, ours, stock), ...goal },
    ],
  }
}
