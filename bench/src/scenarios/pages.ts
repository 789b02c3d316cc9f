import type { Bench } from '../bench.ts'
import { linesOf, measureRounds, ratioOf, type Load } from '../measure/rounds.ts'
import { assertSameAnswers } from '../measure/same-answer.ts'
import { shuffle } from '../measure/statistics.ts'
import type { Outcome } from '../outcome.ts'
import { startOurs, startPeer } from '../setup/server.ts'
import { walkPages } from '../setup/walk.ts'

export const limit = 100
export const handWritten = 'hand-written route'
const peers = [
  { who: handWritten, file: 'hand-written.ts' },
  { who: 'ts-rest', file: 'ts-rest.ts' },
  { who: 'Hono, zod-openapi', file: 'hono.ts' },
  { who: 'NestJS on Fastify', file: 'nest.ts' },
  { who: 'oRPC', file: 'orpc.ts' },
  { who: 'oRPC, outputs parsed', file: 'orpc.ts', CHECKED: 'true' },
  { who: 'trpc-to-openapi', file: 'trpc-to-openapi.ts' },
]

/** A page of 100 books, every request another one. */
export async function measurePages(bench: Bench): Promise<Outcome> {
  const { url: databaseUrl } = await bench.lookups()
  await using stack = new AsyncDisposableStack()
  const ours = stack.use(await startOurs(bench, databaseUrl))
  const pages = shuffle(await walkPages<{ id: string }>(`${ours.url}/api/books?limit=${limit}`, { most: 1000 }))
  const loads: Load[] = [
    {
      who: 'Casebook',
      server: ours,
      requests: pages.map(({ cursor }) => ({ path: `/api/books?limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}` })),
    },
  ]
  for (const { who, file, ...env } of peers) {
    const server = stack.use(await startPeer(bench, file, { databaseUrl, ...env }))
    const requests = pages.map(({ after }) => ({ path: `/books?limit=${limit}${after === null ? '' : `&after=${after.id}`}` }))
    loads.push({ who, server, requests })
  }
  await assertSameAnswers(loads, (body) => body)
  const rounds = await measureRounds(bench, loads)
  return {
    scenario: 'pages',
    title: 'A page of 100 books, every request another page',
    lines: linesOf(`one of ${pages.length} pages`, loads, { rounds, baseline: handWritten }),
    goals: peers.map(({ who }) => ({
      claim: `pages a second against ${who}`,
      value: ratioOf(rounds, 'Casebook', who),
      bound: who === handWritten ? 3 : 1,
      sense: 'at least',
      unit: '×',
    })),
  }
}
