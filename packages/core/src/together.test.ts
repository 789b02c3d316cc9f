import { DomainError } from '@casebook/api'
import { expect, test } from 'vitest'
import { together } from './together.ts'

type Call = { readonly name: string }
const calls = (...names: string[]): Call[] => names.map((name) => ({ name }))
const options = { inFlight: 1, most: 10, gathers: true }

test('does calls together that come together, and gives each its own answer', async () => {
  const done: string[][] = []
  const ask = together(async (all: readonly Call[]) => {
    done.push(all.map(({ name }) => name))
    return all.map(({ name }) => name.toUpperCase())
  }, options)
  expect(await Promise.all(calls('a', 'b', 'a').map(ask))).toEqual(['A', 'B', 'A'])
  expect(done).toEqual([['a', 'b', 'a']])
})

test('lets a bad call fail alone, with its own error', async () => {
  const ask = together(async (all: readonly Call[]) => {
    const bad = all.find(({ name }) => name.startsWith('bad'))
    if (bad !== undefined) throw new Error(bad.name)
    return all.map(({ name }) => name.toUpperCase())
  }, options)
  const outcomes = await Promise.allSettled(calls('a', 'bad 1', 'b', 'bad 2').map(ask))
  expect(outcomes.map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason)))).toEqual([
    'A',
    'Error: bad 1',
    'B',
    'Error: bad 2',
  ])
})

test('does not ask a database again that is away', async () => {
  let attempts = 0
  const ask = together(async () => {
    attempts += 1
    throw new DomainError('overloaded')
  }, options)
  const outcomes = await Promise.allSettled(calls('a', 'b').map(ask))
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(attempts).toBe(1)
})

test('refuses work that answers fewer calls than there were', async () => {
  const ask = together(async (all: readonly Call[]) => all.slice(1).map(({ name }) => name), options)
  const outcomes = await Promise.allSettled(calls('a', 'b').map(ask))
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})
