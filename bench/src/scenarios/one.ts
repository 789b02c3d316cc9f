import type { Bench } from '../bench.ts'
import { linesOf, measureRounds, ratioOf, type Load } from '../measure/rounds.ts'
import { assertSameAnswers } from '../measure/same-answer.ts'
import type { Outcome } from '../outcome.ts'
import { logIn } from '../setup/database.ts'
import { copyLookups } from '../setup/lookups.ts'
import { startOurs, startPeer } from '../setup/server.ts'
import { handWritten, ours } from './contenders.ts'

const bare = `${handWritten}, without duties`

/** One book, and one record, by ids in random order. */
export async function measureOne(bench: Bench): Promise<Outcome> {
  const { url: databaseUrl, bookIds, recordIds } = await bench.lookups()
  const apart = await copyLookups(bench)
  await using servers = new AsyncDisposableStack()
  const server = servers.use(await startOurs(bench, databaseUrl))
  const hand = servers.use(await startPeer(bench, 'hand-written.ts', { databaseUrl: apart.url }))
  const theirHeaders = { authorization: `Bearer ${apart.token}` }
  const headers = { authorization: `Bearer ${await logIn(server.url)}` }
  const below = (path: string, ids: readonly string[]) => ids.map((id) => ({ path: `${path}/${id}` }))
  const books: Load[] = [
    { who: ours, server, requests: below('/api/books', bookIds) },
    { who: handWritten, server: hand, requests: below('/books', bookIds) },
  ]
  const duties = 'session and audit'
  const records: Load[] = [
    { who: ours, server, requests: below('/records', recordIds), headers, note: duties },
    {
      who: handWritten,
      server: hand,
      requests: below('/audited/records', recordIds),
      headers: theirHeaders,
      note: duties,
    },
    { who: bare, server: hand, requests: below('/records', recordIds) },
  ]
  await assertSameAnswers(books)
  await assertSameAnswers(records)
  const ofBooks = await measureRounds(bench, books)
  const ofRecords = await measureRounds(bench, records)
  const goal = { bound: 1, sense: 'at least', unit: '×' } as const
  return {
    scenario: 'one',
    title: 'One object by its id',
    lines: [
      ...linesOf('book by id', books, { rounds: ofBooks, baseline: handWritten }),
      ...linesOf('record by id', records, { rounds: ofRecords, baseline: handWritten }),
    ],
    goals: [
      {
        claim: 'books by id against the hand-written route',
        value: ratioOf(ofBooks, ours, handWritten),
        ...goal,
      },
      {
        claim: 'records by id against the hand-written route with the same duties',
        value: ratioOf(ofRecords, ours, handWritten),
        ...goal,
      },
    ],
  }
}
