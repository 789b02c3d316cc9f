import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { SourceRow } from '../src/import/rows.ts'
import { nothingRead, runImport, type ImportCounts } from '../src/import/run.ts'
import type { Send } from '../src/import/send.ts'

type Told = { readonly counts: ImportCounts; readonly bytes: number }

type Importing = {
  readonly send: Send
  readonly resource?: 'records' | 'patients'
  /** Rows that were done before. */
  readonly before?: number
  /** Each so manyth row has no day that there is. */
  readonly wrong?: number
  /** After so many rows the same ones come again. */
  readonly period?: number
  readonly breaksAt?: number | undefined
}

const fields = {
  records: { patient: 'p', kind: 'encounter', title: 'Visit' },
  patients: { givenName: 'Ada', familyName: 'Li', sex: 'female' },
}

/** A row, ten bytes long. */
function row(
  resource: 'records' | 'patients',
  { number, period, wrong }: { number: number; period: number; wrong: number },
): SourceRow {
  const day = {
    [resource === 'records' ? 'date' : 'birthDate']: number % wrong === 0 ? 'never' : '2024-05-01',
  }
  const cells = { externalId: `r-${number % period}`, ...fields[resource], ...day }
  return { line: number + 1, end: number * 10, cells }
}

/** Imports so many rows by a server that takes them as `send` says. */
async function importOf(
  amount: number,
  { send, resource = 'records', before = 0, wrong = 100, period = amount, breaksAt }: Importing,
) {
  const told: Told[] = []
  const rejected: number[] = []
  const standing = { read: 0 }
  async function* rows() {
    for (standing.read = 1; standing.read <= amount; standing.read += 1) {
      if (standing.read === breaksAt) throw new Error('the input is no CSV')
      yield row(resource, { number: standing.read, period, wrong })
    }
  }
  const done = runImport({
    resource,
    mapping: null,
    rows: rows(),
    batch: { source: 'a', dryRun: false, status: undefined },
    send,
    rejects: {
      file: 'rejects.csv',
      rows: 0,
      write: async ({ line }) => void rejected.push(line),
      flush: () => Promise.reject(new Error('is for the journal')),
      close: () => Promise.resolve(),
    },
    notes: null,
    before: { ...nothingRead, read: before },
    signal: new AbortController().signal,
    onAcknowledged: async (counts, bytes) => void told.push({ counts: structuredClone(counts), bytes }),
  })
  return { done, told, rejected, standing }
}

const created: Send = async ({ rows }) =>
  rows.map((one) => ({ externalId: (one as { externalId: string }).externalId, outcome: 'created' }))

/** Counts what is under way, and lets nothing through before it is told to. */
function heldBack() {
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const seen = { now: 0, most: 0, calls: 0 }
  const send: Send = async (batch) => {
    seen.calls += 1
    seen.now += 1
    seen.most = Math.max(seen.most, seen.now)
    await released
    await setTimeout(1)
    seen.now -= 1
    return created(batch)
  }
  return { send, seen, release }
}

test('two batches of records are under way at a time, and no row is read beyond them', async () => {
  const { send, seen, release } = heldBack()
  const { done, standing } = await importOf(10_000, { send })
  while (standing.read < 2020) await setTimeout(5)
  await setTimeout(50)
  expect([seen.calls, standing.read]).toEqual([2, 2020])
  release()
  expect(await done).toMatchObject({ read: 10_000, created: 9900, rejected: 100 })
  expect(seen).toEqual({ now: 0, most: 2, calls: 10 })
})

test.each([
  ['patients', 4000],
  ['records', 500],
] as const)(
  '%s, of which another comes every %i rows, are sent one batch after the other',
  async (resource, period) => {
    const { send, seen, release } = heldBack()
    release()
    const { done } = await importOf(4000, { send, resource, period })
    expect(await done).toMatchObject({ read: 4000 })
    expect(seen).toEqual({ now: 0, most: 1, calls: 4 })
  },
)

test('what is acknowledged is what has arrived or stands among the rejected, and no row after it', async () => {
  const { done, told, rejected } = await importOf(2500, { send: created })
  await done
  expect(
    told.map(({ counts: { read, created: made, rejected: refused }, bytes }) => [read, made, refused, bytes]),
  ).toEqual([
    [1010, 1000, 10, 10_100],
    [2020, 2000, 20, 20_200],
    [2500, 2475, 25, 25_000],
  ])
  expect(rejected).toHaveLength(25)
})

test('batches of nothing but rejected rows are acknowledged, and nothing is sent', async () => {
  const { done, told } = await importOf(1500, { wrong: 1, send: () => Promise.reject(new Error('sent')) })
  expect(await done).toMatchObject({ read: 1500, rejected: 1500 })
  expect(told.map(({ counts }) => counts.rejected)).toEqual([1000, 1500])
})

test('an import that goes on passes over the rows that were done', async () => {
  const sent: object[] = []
  const { done } = await importOf(1200, {
    before: 1150,
    send(batch) {
      sent.push(...batch.rows)
      return created(batch)
    },
  })
  expect(await done).toMatchObject({ read: 1200 })
  expect(sent[0]).toMatchObject({ externalId: 'r-1151' })
})

test('rows that cannot be read end it once those before them have arrived', async () => {
  const { done, told } = await importOf(2000, {
    breaksAt: 1500,
    async send(batch) {
      await setTimeout(30)
      return created(batch)
    },
  })
  await expect(done).rejects.toThrow('no CSV')
  expect(told.map(({ counts }) => counts.read)).toEqual([1010])
})
