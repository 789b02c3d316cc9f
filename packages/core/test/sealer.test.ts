import { openTestDatabase } from '@casebook/db/testing'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { verifyChain } from '../src/audit/chain.ts'
import { startSealer } from '../src/audit/sealer.ts'

const start = Date.parse('2026-01-05T09:00:00Z')
const entry = { action: 'records.get', outcome: 'allowed', address: '::1' } as const

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: start }))
afterEach(() => void vi.useRealTimers())

test('seals each entry once, in the order in which they are found, however late they are committed', async () => {
  await using database = await openTestDatabase()
  const sealer = startSealer({ database, intervalMs: 1e9, onError: (error) => expect.fail(String(error)) })
  /** Writes an entry whose id was made at an instant, in seconds. */
  const write = async (seconds: number) => {
    const now = Date.now()
    vi.setSystemTime(start + seconds * 1000)
    await database.transaction((tx) => tx.auditWriter.append({ ...entry, requestId: `${seconds}` }))
    vi.setSystemTime(now)
  }
  /** Seals at an instant, in seconds; gives how many entries there are in the chain, and how many still wait. */
  const seal = async (seconds: number) => {
    vi.setSystemTime(start + seconds * 1000)
    await sealer.seal()
    const { ok, sealed, pending } = await verifyChain(database)
    expect(ok).toBe(true)
    return { sealed, pending }
  }
  for (let number = 0; number < 1203; number += 1) await write(number / 1000)
  expect(await seal(2)).toEqual({ sealed: 1203, pending: 0 })
  await write(-20)
  expect(await seal(3)).toEqual({ sealed: 1204, pending: 0 })
  await write(-400)
  await write(4)
  expect(await seal(5)).toEqual({ sealed: 1205, pending: 1 })
  expect(await seal(61.9)).toEqual({ sealed: 1205, pending: 1 })
  expect(await seal(62)).toEqual({ sealed: 1206, pending: 0 })
  await sealer.stop()
})
