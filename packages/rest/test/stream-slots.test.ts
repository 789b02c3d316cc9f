import { expect, test } from 'vitest'
import { createStreamSlots, type ListReader } from '../src/index.ts'

const slotsOf = (max: number) => createStreamSlots(max, (ctx) => ctx as ListReader)
const reader = (network: string, account: string | null = null): ListReader => ({ network, account })

test.each<[who: string, ofNr: (nr: number) => ListReader, most: number]>([
  ['nobody from one network', () => reader('here'), 2],
  ['nobody from everywhere', (nr) => reader(`net ${nr}`), 4],
  ['an account from one network', () => reader('here', 'nadia'), 4],
  ['an account from everywhere', (nr) => reader(`net ${nr}`, 'nadia'), 4],
  ['accounts of one network', (nr) => reader('here', `account ${nr}`), 4],
  ['accounts from everywhere', (nr) => reader(`net ${nr}`, `account ${nr}`), 8],
])('of eight slots %s gets no more than its share', (_who, ofNr, most) => {
  const slots = slotsOf(8)
  const releases = Array.from({ length: 10 }, (_, nr) => slots.take(ofNr(nr)))
  expect(releases.filter((release) => release !== null)).toHaveLength(most)
  // What is given back twice counts once.
  releases[0]?.()
  releases[0]?.()
  expect([slots.take(ofNr(0)) !== null, slots.take(ofNr(1)) !== null]).toEqual([true, false])
})

test('all shares are at least one, and together no more than there are', () => {
  const slots = slotsOf(1)
  const release = slots.take(reader('here'))
  expect(slots.take(reader('there', 'nadia'))).toBeNull()
  release?.()
  expect(slots.take(reader('there', 'nadia'))).not.toBeNull()
})

test('without readers to tell apart anybody may take all', () => {
  const slots = createStreamSlots(3)
  expect([1, 2, 3, 4].map(() => slots.take({}) !== null)).toEqual([true, true, true, false])
})
