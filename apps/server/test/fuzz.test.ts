import { testEngine } from '@casebook/db/testing'
import { describe, expect, test } from 'vitest'
import { callables, procedures } from './equivalence/procedures.ts'
import { runFuzz, type FuzzReport } from './fuzz/run-fuzz.ts'

/** Requests in all; as many as wanted by `npm run fuzz`. */
const requests = Number(process.env['FUZZ_REQUESTS'] ?? (testEngine === 'postgres' ? 20_000 : 4000))
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
/** Requests to one server; what they write makes its lists ever longer. */
const lapSize = 20_000
const laps = Array.from({ length: Math.ceil(requests / lapSize) }, (_, lap) => ({
  seed: seed + lap,
  requests: Math.min(lapSize, requests - lap * lapSize),
}))

describe('whatever is sent, by whomever', () => {
  test.each(laps)(
    '$requests requests of the seed $seed have an answer that the contract declares',
    { timeout: 600_000 },
    async (lap) => {
      const report = await runFuzz({ ...lap, callers: 16 })
      console.log(summaryOf(report, lap.seed))
      expect(report.failures.join('\n')).toBe('')
      expect(report.sent).toBe(lap.requests)
      if (lap.requests < 4000) return
      // A run in which nobody gets anywhere would show nothing.
      const reached = [...report.procedures].filter(([, { sent }]) => sent > 0)
      expect(reached.length).toBeGreaterThan(callables.length + procedures.length)
      expect(sum(reached.map(([, { done }]) => done))).toBeGreaterThan(lap.requests / 10)
      expect(report.sightings.filter(({ times, isShown }) => isShown && times === 0)).toEqual([])
    },
  )
})

function summaryOf({ sent, statuses, procedures: all, sightings }: FuzzReport, of: number): string {
  const byStatus = [...statuses].toSorted(([a], [b]) => a - b).map(([status, count]) => `${status} ${count}×`)
  const idle = [...all].filter(([, { done }]) => done === 0).map(([name]) => name)
  return [
    `fuzz: seed ${of}, ${sent} requests: ${byStatus.join(', ')}`,
    `canaries seen by those who may: ${sightings.map(({ times }) => times).join(', ')}`,
    ...(idle.length === 0 ? [] : [`never with success: ${idle.join(', ')}`]),
  ].join('\n')
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
