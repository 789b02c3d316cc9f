import { expect, test } from 'vitest'
import { createProgress, progressLine } from '../src/output/progress.ts'

const from = { rows: 0, share: 0 }

test.each([
  [{ rows: 12_000 }, 4, '12,000 rows, 3,000 a second'],
  [{ rows: 12_000, share: 0.25 }, 4, '12,000 rows, 3,000 a second, 25 %, 12 s left'],
  [{ rows: 10, share: 0.1 }, 60, '10 rows, 0 a second, 10 %, 9 min left'],
  [{ rows: 10, share: 0.01 }, 60, '10 rows, 0 a second, 1 %, 1 h 39 min left'],
  [{ rows: 10, share: 0.5, remark: '2 rejected' }, 1, '10 rows, 10 a second, 50 %, 1 s left, 2 rejected'],
])('%j after %d s is «%s»', (standing, seconds, line) => {
  expect(progressLine(standing, { from, seconds })).toBe(line)
})

test('what was done before counts neither for the rate nor for the time', () => {
  const since = { from: { rows: 5000, share: 0.5 }, seconds: 10 }
  expect(progressLine({ rows: 6000, share: 0.6 }, since)).toBe('6,000 rows, 100 a second, 60 %, 40 s left')
})

test('progress is shown at a terminal only, no wider than it, and taken away again', () => {
  const shown = (isTTY: boolean) => {
    let written = ''
    const stream = { isTTY, columns: 11, write: (text: string) => Boolean((written += text)) }
    const progress = createProgress(from, stream)
    progress.show({ rows: 12_345 })
    progress.clear()
    return written
  }
  expect(shown(false)).toBe('')
  expect(shown(true)).toBe(`\r12,345 row\r${' '.repeat(10)}\r`)
})
