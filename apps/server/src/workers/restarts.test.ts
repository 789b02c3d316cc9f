import { expect, test } from 'vitest'
import { createRestarts } from './restarts.ts'

test('a worker that has lived is started again at once, however often', () => {
  const restarts = createRestarts({ immediateMs: 1000, most: 2 })
  expect(Array.from({ length: 5 }, () => restarts.after(1000))).toEqual([0, 0, 0, 0, 0])
})

test('failures at once are waited out for twice as long each time, and given up after the last', () => {
  const restarts = createRestarts({ immediateMs: 1000, most: 4 })
  expect(Array.from({ length: 5 }, () => restarts.after(999))).toEqual([100, 200, 400, 800, null])
})

test('one that lives ends a row of failures', () => {
  const restarts = createRestarts({ immediateMs: 1000, most: 2 })
  expect([1, 1, 1000, 1, 1, 1].map((ms) => restarts.after(ms))).toEqual([100, 200, 0, 100, 200, null])
})
