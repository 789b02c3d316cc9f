import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { stringify } from 'csv-stringify/sync'
import { describe, expect, test } from 'vitest'
import { parseRule } from '../src/import/mapping.ts'
import { readRows, type SourceRow } from '../src/import/rows.ts'
import { transforms } from '../src/import/transforms.ts'
import { csvCell } from '../src/output/cells.ts'

const read = async (text: string, format: 'csv' | 'ndjson' = 'csv') => {
  const rows: SourceRow[] = []
  for await (const row of readRows(Readable.from([text]), format)) rows.push(row)
  return rows
}
/** Gives pieces one by one, so that no two of them are read together. */
async function* apart(pieces: readonly Buffer[]): AsyncGenerator<Buffer, void, undefined> {
  for (const piece of pieces) {
    yield piece
    await setImmediate()
  }
}
const transform = (name: string, ...cells: string[]) => transforms[name]?.(cells, 'column')

describe('rows', () => {
  test('any cells come out of CSV as they went in', async () => {
    const cell = fc.string({ unit: 'grapheme' }).filter((text) => text.trim() !== '')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1 }), async (cells) => {
        const rows = await read(stringify([['a', 'b'], ...cells], { quoted: true }))
        expect(rows.map((row) => [row.cells['a'], row.cells['b']])).toEqual(cells)
      }),
    )
  })

  test('know the line on which they begin', async () => {
    const rows = await read('a,b\n1,"x\ny\nz"\n2,y\n\n3,z\n')
    expect(rows.map(({ line }) => line)).toEqual([2, 5, 7])
  })

  test('know the byte at which they end', async () => {
    const csv = 'a,b\r\n1,"é\n"\r\n2,y\n'
    expect((await read(csv)).map(({ end }) => Buffer.from(csv).subarray(0, end).toString())).toEqual([
      'a,b\r\n1,"é\n"\r\n',
      csv,
    ])
    expect((await read('{"a":"é"}\n\n{}\n', 'ndjson')).map(({ end }) => end)).toEqual([11, 15])
  })

  test('keep what is too much, and say so', async () => {
    expect(await read('a,b\n1,2,3\n')).toMatchObject([
      { problem: 'has 3 cells, the header 2; left over: «3»' },
    ])
    expect(await read('{"a":1}\nnonsense\n[1]\n', 'ndjson')).toMatchObject([
      { object: { a: 1 } },
      { line: 2, problem: 'is no JSON object' },
      { line: 3, problem: 'is no JSON object' },
    ])
  })

  test('with a byte order mark are read as without', async () => {
    expect((await read('\uFEFFa\n1\n'))[0]?.cells).toEqual({ a: '1' })
    expect((await read('\uFEFF{"a":1}\n', 'ndjson'))[0]?.object).toEqual({ a: 1 })
  })

  test('of NDJSON are put together, however they come', async () => {
    const bytes = Buffer.from('{"a":"é€😀"}\r\n\n{"a":2}')
    for (const size of [1, 2, 5]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      )
      const rows: SourceRow[] = []
      for await (const row of readRows(Readable.from(apart(pieces)), 'ndjson')) rows.push(row)
      expect(rows).toMatchObject([
        { line: 1, object: { a: 'é€😀' } },
        { line: 3, object: { a: 2 } },
      ])
    }
  })

  test('end when that is asked for, even where none comes', async () => {
    for (const format of ['csv', 'ndjson'] as const) {
      const controller = new AbortController()
      const { signal } = controller
      const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
      const first = readRows(new Readable({ read: () => begin() }), format, { signal }).next()
      await begun
      controller.abort(new Error('enough'))
      await expect(first).rejects.toThrow('enough')
    }
  })

  test.each([
    ['a,a\n1,2\n', /«a» is there twice/],
    ['a\n"1\n', /The input is no CSV: a quote that opens on line 2 is never closed/],
  ])('%j is refused', async (text, message) => {
    await expect(read(text)).rejects.toThrow(message)
  })
})

describe('transforms', () => {
  test.each([
    ['439023483', '9780439023481'],
    ['043902348X', null],
    ['61120081', '9780061120084'],
    ['9.78043902348e+12', null],
    ['9780439023480', null],
    ['1', null],
  ])('an ISBN cell %j gives %j', async (cell, isbn13) => {
    expect((await transform('isbn', cell))?.value ?? null).toBe(isbn13)
  })

  test.each([
    ['1997.0', '1997-01-01'],
    ['-750.0', undefined],
    ['0', undefined],
    ['97', '0097-01-01'],
    ['soon', undefined],
  ])('a year %j gives %j', async (cell, day) => {
    expect((await transform('year', cell))?.value).toBe(day)
  })

  test('names are split, and printed as they are read', async () => {
    expect(
      (await transform('authors', 'J.K. Rowling, Mary GrandPré, Robert Downey, Jr.'))?.value,
    ).toMatchObject([{ name: 'J.K. Rowling' }, { name: 'Mary GrandPré' }, { name: 'Robert Downey, Jr.' }])
    expect((await transform('filed-author', 'Osler, William, Sir', '12'))?.value).toEqual([
      { name: 'Sir William Osler', sortName: 'Osler, William, Sir', externalId: '12', role: 'author' },
    ])
  })
})

test('rules of a mapping are read, and wrong ones answered with what helps', () => {
  expect(parseRule('title=name')).toEqual(['title', { columns: ['name'], transform: 'text' }])
  expect(parseRule('code=system+code:code')).toEqual([
    'code',
    { columns: ['system', 'code'], transform: 'code' },
  ])
  expect(parseRule('kind==a=b')).toEqual(['kind', { constant: 'a=b' }])
  expect(() => parseRule('title')).toThrow(/--map title is not understood/)
  expect(() => parseRule('title=name:magic')).toThrow(/no transform «magic»/)
})

test('a cell that a spreadsheet would run is made harmless', () => {
  expect(['＝1', '＋1', '－1', '＠a', '＃1'].map(csvCell)).toEqual(["'＝1", "'＋1", "'－1", "'＠a", '＃1'])
  expect(['=1+1', '+1', '-1', '@a', 'a=1', '\tx'].map(csvCell)).toEqual([
    "'=1+1",
    "'+1",
    "'-1",
    "'@a",
    'a=1',
    "'\tx",
  ])
})
