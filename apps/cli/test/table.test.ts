import stringWidth from 'string-width'
import { expect, test } from 'vitest'
import { columnsWithin, tableLines } from '../src/output/table.ts'

const id = 'book_01jd3xq5e0f2q8n4v6z8a1b3d2'
const title = 'Experiments and Observations on the Gastric Juice, and the Physiology of Digestion'
const row = {
  id,
  title,
  contributors: 'William Beaumont',
  publishedOn: '1833-01-01',
  isbn13: '',
  status: 'draft',
}

test.each([
  [20, 'id'],
  [40, 'id'],
  [80, 'id title contributors publishedOn isbn13'],
  [160, 'id title contributors publishedOn isbn13 status'],
])('a table of %i columns fits, with ids and days whole, and leaves out what has no room', (width, shown) => {
  const columns = columnsWithin(Object.keys(row), [row, row], width)
  expect(columns.join(' ')).toBe(shown)
  const lines = tableLines(columns, [row, row], width)
  for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width)
  if (width >= 80) expect(lines[1]).toMatch(new RegExp(`^${id}  .*  1833-01-01`))
})

test('a wide letter takes two columns, and what would move the cursor is taken out', () => {
  const lines = tableLines(['title', 'status'], [{ title: '醫學\u001B[2Jx', status: 'draft' }], 40)
  expect(lines[1]).toBe('醫學x  draft')
})
