import type { Bench } from '../bench.ts'
import { linesOf, measureRounds, ratioOf, type Load } from '../measure/rounds.ts'
import { assertSameAnswers } from '../measure/same-answer.ts'
import { shuffle } from '../measure/statistics.ts'
import type { Outcome } from '../outcome.ts'
import { startOurs, startPeer } from '../setup/server.ts'
import { walkPages } from '../setup/walk.ts'
import { handWritten, limit, ourPage, ours, theirPage } from './contenders.ts'

const known = `${ours}, If-None-Match`
const otherPages = `${handWritten}, other pages`

/** The same page again and again, and the same for a caller that has it already. */
export async function measureRepeat(bench: Bench): Promise<Outcome> {
  const { url: databaseUrl } = await bench.lookups()
  await using servers = new AsyncDisposableStack()
  const server = servers.use(await startOurs(bench, databaseUrl))
  const hand = servers.use(await startPeer(bench, 'hand-written.ts', { databaseUrl }))
  const first = `${server.url}/api/books?limit=${limit}`
  const pages = shuffle(await walkPages<{ id: string }>(first, { most: 1000 }))
  const [page] = pages
  if (page === undefined) throw new Error('there are no pages')
  const ourRequest = ourPage('/api/books', page)
  const { etag, bytes } = await inspect(`${server.url}${ourRequest.path}`)
  const constant = servers.use(
    await startPeer(bench, 'constant.ts', { databaseUrl, BODY_BYTES: String(bytes) }),
  )
  const loads: Load[] = [
    { who: ours, server, requests: [ourRequest] },
    { who: handWritten, server: hand, requests: [theirPage(page)] },
    { who: known, server, requests: [ourRequest], headers: { 'if-none-match': etag } },
    { who: otherPages, server: hand, requests: pages.map(theirPage) },
    { who: 'node:http, constant body', server: constant, requests: [{ path: '/' }], note: `${bytes} bytes` },
  ]
  await assertSameAnswers(loads.slice(0, 2))
  const rounds = await measureRounds(bench, loads)
  const goal = { sense: 'at least', unit: '×' } as const
  return {
    scenario: 'repeat',
    title: `The same page of ${limit} books again and again`,
    lines: linesOf('same page', loads, { rounds, baseline: handWritten }),
    goals: [
      {
        claim: 'the same page against the hand-written route',
        value: ratioOf(rounds, ours, handWritten),
        bound: 10,
        ...goal,
      },
      {
        claim: '304 against the hand-written route that answers other pages',
        value: ratioOf(rounds, known, otherPages),
        bound: 12,
        ...goal,
      },
    ],
  }
}

/** Gives the entity tag and the length of an answer, and makes sure that the tag is good for a 304. */
async function inspect(url: string): Promise<{ etag: string; bytes: number }> {
  const answer = await fetch(url)
  const etag = answer.headers.get('etag')
  const bytes = (await answer.arrayBuffer()).byteLength
  if (etag === null) throw new Error(`${url} has no ETag`)
  const again = await fetch(url, { headers: { 'if-none-match': etag } })
  await again.arrayBuffer()
  if (again.status !== 304) throw new Error(`${url} answers ${again.status} to its own ETag, and not 304`)
  return { etag, bytes }
}
