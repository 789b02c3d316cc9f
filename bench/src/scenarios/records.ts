import type { Bench } from '../bench.ts'
import { linesOf, measureRounds, ratioOf, type Load } from '../measure/rounds.ts'
import { assertSameAnswers } from '../measure/same-answer.ts'
import { shuffle } from '../measure/statistics.ts'
import type { Outcome } from '../outcome.ts'
import { logIn } from '../setup/database.ts'
import { copyLookups } from '../setup/lookups.ts'
import { startOurs, startPeer } from '../setup/server.ts'
import { walkPages } from '../setup/walk.ts'
import { handWritten, limit, ourPage, ours, theirRecordPage } from './contenders.ts'

const bare = `${handWritten}, without duties`

/** A page of 100 records, with whose token it is, and an entry in the audit trail. */
export async function measureRecords(bench: Bench): Promise<Outcome> {
  const { url: databaseUrl } = await bench.lookups()
  const apart = await copyLookups(bench)
  await using servers = new AsyncDisposableStack()
  const server = servers.use(await startOurs(bench, databaseUrl))
  const hand = servers.use(await startPeer(bench, 'hand-written.ts', { databaseUrl: apart.url }))
  const theirHeaders = { authorization: `Bearer ${apart.token}` }
  const headers = { authorization: `Bearer ${await logIn(server.url)}` }
  const first = `${server.url}/records?limit=${limit}`
  const pages = shuffle(await walkPages<{ id: string; date: string }>(first, { most: 1000, headers }))
  const note = 'session and audit'
  const duty = pages.map((page) => theirRecordPage('/audited/records', page))
  const loads: Load[] = [
    { who: ours, server, requests: pages.map((page) => ourPage('/records', page)), headers, note },
    { who: handWritten, server: hand, requests: duty, headers: theirHeaders, note },
    { who: bare, server: hand, requests: pages.map((page) => theirRecordPage('/records', page)) },
  ]
  await assertSameAnswers(loads)
  const rounds = await measureRounds(bench, loads)
  return {
    scenario: 'records',
    title: `A page of ${limit} records, each read in the audit trail`,
    lines: linesOf('page of records', loads, { rounds, baseline: bare }),
    goals: [
      {
        claim: 'pages of records against the hand-written route without session and audit',
        value: ratioOf(rounds, ours, bare),
        bound: 0.7,
        sense: 'at least',
        unit: '×',
      },
    ],
  }
}
