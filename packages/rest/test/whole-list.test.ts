import { expect, test } from 'vitest'
import { csvHeader, csvRows } from '../src/csv.ts'
import { listForm } from '../src/list-form.ts'
import { leastPace } from '../src/paced-text.ts'
import { openList, piecesOf, streamList } from '../src/whole-list.ts'

const columns = ['id', 'title', 'tags']
const titles = [
  'Cases',
  '=HYPERLINK("x")',
  '＝1',
  '＋1',
  '－1',
  '＠x',
  '＃1',
  'a "quoted", one',
  'two\nlines\r\n',
  '',
]
const items = Array.from({ length: 333 }, (_, id) => ({
  id,
  title: titles[id % titles.length],
  tags: ['a', '-b'],
}))

test.each([1, 49, 50, 51, 333])(
  'a stored list is the same table as its objects, in runs of %d',
  async (size) => {
    const form = listForm('text/csv', { serialise: JSON.stringify, columns })
    async function* runs(_list: unknown, separator: ',' | '\n') {
      for (let place = 0; place < items.length; place += size)
        yield items
          .slice(place, place + size)
          .map((item) => JSON.stringify(item))
          .join(separator)
    }
    async function* list(): AsyncGenerator<object> {}
    const stored = { partsOf: () => undefined, runsOf: runs }
    const opened = await openList(piecesOf(list(), form, stored))
    const text = (await streamList(form, opened, leastPace).toArray()).join('')
    expect(text).toBe(csvHeader(columns) + csvRows(columns, items))
    expect(text).toContain(`"'=HYPERLINK(""x"")"`)
    for (const cell of ["'＝1", "'＋1", "'－1", "'＠x", '＃1']) expect(text).toContain(`,${cell},`)
  },
)
