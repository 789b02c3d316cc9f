import type { Bench } from '../bench.ts'
import { linesOf, measureRounds, ratioOf, type Load } from '../measure/rounds.ts'
import { assertSameAnswers } from '../measure/same-answer.ts'
import { shuffle } from '../measure/statistics.ts'
import type { Outcome } from '../outcome.ts'
import { startOurs, startPeer } from '../setup/server.ts'
import { walkPages } from '../setup/walk.ts'
import { handWritten, limit, ourPage, ours, theirPage } from './contenders.ts'

const peers = [
  { who: handWritten, file: 'hand-written.ts' },
  { who: 'ts-rest', file: 'ts-rest.ts' },
  { who: 'Hono, zod-openapi', file: 'hono.ts' },
  { who: 'NestJS on Fastify', file: 'nest.ts' },
  { who: 'oRPC', file: 'orpc.ts' },
  { who: 'oRPC, outputs parsed', file: 'orpc.ts', CHECKED: 'true' },
  { who: 'trpc-to-openapi', file: 'trpc-to-openapi.ts' },
]

const remembering = `${ours}, remembering pages`

/** A page of 100 books, every request another one: by a server that remembers nothing, and by one as it comes. */
export async function measurePages(bench: Bench): Promise<Outcome> {
  const { url: databaseUrl } = await bench.lookups()
  await using servers = new AsyncDisposableStack()
  const server = servers.use(await startOurs(bench, databaseUrl, { CATALOGUE_MEMORY_MB: '0' }))
  const usual = servers.use(await startOurs(bench, databaseUrl))
  const first = `${server.url}/api/books?limit=${limit}`
  const pages = shuffle(await walkPages<{ id: string }>(first, { most: 1000 }))
  const requests = pages.map((page) => ourPage('/api/books', page))
  const loads: Load[] = [
    { who: ours, server, requests },
    { who: remembering, server: usual, requests },
  ]
  for (const { who, file, ...env } of peers) {
    const peer = servers.use(await startPeer(bench, file, { databaseUrl, ...env }))
    loads.push({ who, server: peer, requests: pages.map(theirPage) })
  }
  await assertSameAnswers(loads)
  const rounds = await measureRounds(bench, loads)
  return {
    scenario: 'pages',
    title: `A page of ${limit} books, every request another one of ${pages.length} pages`,
    lines: linesOf('page of books', loads, { rounds, baseline: handWritten }),
    goals: [ours, remembering].flatMap((own) =>
      peers.map(({ who }) => ({
        claim: `pages a second${own === ours ? '' : ', remembering them,'} against ${who}`,
        value: ratioOf(rounds, own, who),
        bound: who === handWritten ? 3 : 1,
        sense: 'at least',
        unit: '×',
      })),
    ),
  }
}
