import { openTestDatabase } from '@casebook/db/testing'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { verifyChain } from '../src/audit/chain.ts'
import { startSealer } from '../src/audit/sealer.ts'

const start = Date.parse('2026-01-05T09:00:00Z')
const entry = { action: 'records.get', outcome: 'allowed', address: '::1' } as const

/** A UUIDv7 of a millisecond (RFC 9562, 5.7): the library makes none that is older than its last one. */
function uuidAt(time: number): string {
  const hex = time.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: start }))
afterEach(() => void vi.useRealTimers())

test('seals each entry once, in the order in which they are found, however late they are committed', async () => {
  await using database = await openTestDatabase()
  const sealer = startSealer({ database, intervalMs: 1e9, onError: (error) => expect.fail(String(error)) })
  /** Writes an entry whose id was made at an instant, in seconds. */
  const write = async (seconds: number) => {
    const time = start + seconds * 1000
    await database.kysely
      .insertInto('audit_entry')
      .values({ ...entry, id: uuidAt(time), at: new Date(time).toISOString(), request_id: `${seconds}` })
      .execute()
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
