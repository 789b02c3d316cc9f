import { expect, test } from 'vitest'
import { isMet, verdictOf, type Goal, type Outcome } from './outcome.ts'

const goal = (value: number, sense: Goal['sense']): Goal => ({
  claim: 'a claim',
  value,
  bound: 2,
  sense,
  unit: '×',
})
const outcome = (...goals: Goal[]): Outcome => ({ scenario: 'some', title: 'Some', lines: [], goals })

test.each([
  [2, 'at least', true],
  [1.99, 'at least', false],
  [2, 'at most', true],
  [2.01, 'at most', false],
  [Number.NaN, 'at least', false],
  [Number.NaN, 'at most', false],
] as const)('%d, to be %s 2: met is %s', (value, sense, met) => {
  expect(isMet(goal(value, sense))).toBe(met)
})

test('one missed goal among others makes the run fail', () => {
  const outcomes = [outcome(goal(3, 'at least')), outcome(goal(1, 'at most'), goal(3, 'at most'))]
  expect(verdictOf(outcomes, { isQuick: false })).toEqual({ sentence: '1 goal is missed.', exitCode: 1 })
})

test('a run whose goals are all met succeeds, and a quick one judges nothing', () => {
  expect(verdictOf([outcome(goal(3, 'at least'))], { isQuick: false }).exitCode).toBe(0)
  expect(verdictOf([outcome(goal(1, 'at least'))], { isQuick: true }).exitCode).toBe(0)
})
