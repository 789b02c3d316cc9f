import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mapRow, parseRule, type Mapping } from '../src/import/mapping.ts'
import { plainRow } from '../src/import/plain.ts'
import { openRejects, rejectsName } from '../src/import/rejects.ts'
import { openInput, readRows, type Format, type SourceRow } from '../src/import/rows.ts'
import { ndjsonRow, sideFile } from '../src/import/side-files.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'casebook-rejects-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string) => join(folder, name)
const read = async (name: string, format: Format) => {
  const rows: SourceRow[] = []
  for await (const row of readRows(openInput(file(name)), format)) rows.push(row)
  return rows
}
/** Rejects all rows of a file, and reads them again out of what was written. */
const reject = async (name: string, format: Format, mapping: Mapping | null = null) => {
  const rejects = await openRejects(file(`rejected-${name}`), { format, mapping, written: undefined })
  for (const row of await read(name, format)) await rejects.write(row, { column: 'x', reason: 'why, so' })
  await rejects.close()
  return read(`rejected-${name}`, format)
}

describe('rejected rows', () => {
  test('of NDJSON come back as they were, whatever they hold', async () => {
    const object = fc.dictionary(
      fc.string().filter((key) => !['line', 'column', 'reason'].includes(key)),
      fc.jsonValue(),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(object, { minLength: 1, maxLength: 5 }), async (objects) => {
        writeFileSync(file('any.ndjson'), objects.map((one) => `${JSON.stringify(one)}\n`).join(''))
        const before = await read('any.ndjson', 'ndjson')
        const after = await reject('any.ndjson', 'ndjson')
        const values = (rows: SourceRow[]) => rows.map((row) => plainRow(row, 'books').value)
        expect(values(after)).toEqual(values(before))
      }),
      { numRuns: 50 },
    )
  })

  test('of NDJSON that are no object come back as text, which can be mended', async () => {
    writeFileSync(file('odd.ndjson'), '{"title":"Good",}\n[1]\n')
    expect(await reject('odd.ndjson', 'ndjson')).toMatchObject([
      { cells: { unreadable: '{"title":"Good",}' }, problem: 'is no JSON object' },
      { cells: { unreadable: '[1]' }, problem: 'is no JSON object' },
    ])
    const text = readFileSync(file('rejected-odd.ndjson'), 'utf8')
    expect(text.split('\n')[0]).toBe(
      String.raw`{"line":1,"column":"x","reason":"why, so","unreadable":"{\"title\":\"Good\",}"}`,
    )
    writeFileSync(file('mended.ndjson'), text.replace(String.raw`\"Good\",`, String.raw`\"Good\"`))
    expect((await read('mended.ndjson', 'ndjson'))[0]).toMatchObject({ object: { title: 'Good' } })
  })

  test('with other cells than the header come back with all of them, and are as bad as before until they are mended', async () => {
    writeFileSync(
      file('uneven.csv'),
      'externalId,title,language\n1,Fevers, and agues,en\n2,Short\n3,Fine,en\n',
    )
    const bad = ['has 7 cells, the header 6; left over: «en»', 'has 5 cells, the header 6', undefined]
    const rejected = await reject('uneven.csv', 'csv')
    expect(rejected.map(({ problem }) => problem)).toEqual(bad)
    const text = readFileSync(file('rejected-uneven.csv'), 'utf8')
    expect(text).toContain('\r\n2,x,"why, so",1,Fevers, and agues,en\r\n3,x,"why, so",2,Short\r\n')
    writeFileSync(file('again.csv'), text)
    expect((await reject('again.csv', 'csv')).map(({ problem }) => problem)).toEqual(bad)
    expect(readFileSync(file('rejected-again.csv'), 'utf8')).toContain(',1,Fevers, and agues,en\r\n')
    writeFileSync(file('mended.csv'), text.replace('Fevers, and agues', '"Fevers, and agues"'))
    expect((await read('mended.csv', 'csv'))[0]).toMatchObject({
      cells: { externalId: '1', title: 'Fevers, and agues', language: 'en' },
    })
  })

  test('keep a column of theirs that is called like one that is added, when it is read', async () => {
    const mapping = { fields: Object.fromEntries([parseRule('externalId=line'), parseRule('title=name')]) }
    writeFileSync(file('named.csv'), 'line,name,reason\nA7,"On ""Fevers""\n2",old\n')
    const [row] = await reject('named.csv', 'csv', mapping)
    expect(row?.cells).toEqual({
      rejected_line: '2',
      column: 'x',
      reason: 'why, so',
      line: 'A7',
      name: 'On "Fevers"\n2',
    })
    expect((await mapRow(row!, mapping)).value).toEqual({ externalId: 'A7', title: 'On "Fevers"\n2' })
  })
})

test('NDJSON is read by a mapping as a table is', async () => {
  const rules = ['externalId=nr', 'title=name', 'subjects=about:list', 'code=code+nr+of:code']
  const object = { nr: 7, name: 'Fevers', about: ['a', 'b'], code: { x: 1 }, of: null }
  const row = { line: 1, end: 1, cells: {}, object }
  expect((await mapRow(row, { fields: Object.fromEntries(rules.map(parseRule)) })).value).toEqual({
    externalId: '7',
    title: 'Fevers',
    subjects: ['a', 'b'],
    code: { system: '{"x":1}', code: '7', display: '' },
  })
})

test.each([
  ['rows.csv', 'csv', 'rows.rejects.csv'],
  ['a.b/rows', 'ndjson', 'a.b/rows.rejects.ndjson'],
  ['-', 'ndjson', 'stdin.rejects.ndjson'],
] as const)('rejected rows of %s (%s) are in %s', (input, format, name) => {
  expect(rejectsName(input, format)).toBe(name)
})

describe('a side file', () => {
  const begin = async (name: string) => {
    const side = await sideFile(file(name), ndjsonRow)
    await side.write({ row: 1 })
    const written = await side.flush()
    await side.write({ row: 2 })
    await side.close()
    return written
  }

  test('goes on where it was left, and what came after is cut off', async () => {
    const written = await begin('left')
    expect(written).toMatchObject({ rows: 1, bytes: 10 })
    const side = await sideFile(file('left'), ndjsonRow, written)
    await side.write({ row: 3 })
    expect(await side.flush()).toMatchObject({ rows: 2, bytes: 20 })
    await side.close()
    expect(readFileSync(file('left'), 'utf8')).toBe('{"row":1}\n{"row":3}\n')
  })

  test('that was changed meanwhile, or taken away, is left alone', async () => {
    const written = await begin('mended')
    writeFileSync(file('mended'), '{"row":9}\n')
    await expect(sideFile(file('mended'), ndjsonRow, written)).rejects.toThrow(/no longer what the import/)
    expect(readFileSync(file('mended'), 'utf8')).toBe('{"row":9}\n')
    await expect(sideFile(file('nowhere'), ndjsonRow, written)).rejects.toThrow(/no longer what the import/)
  })
})

describe('a file beside an import', () => {
  const write = async (name: string) => {
    const side = await sideFile(name, ndjsonRow)
    await side.write({ a: 1 })
    await side.close()
  }

  test('is for its owner alone, whatever it was before', async () => {
    writeFileSync(file('open.ndjson'), 'old', { mode: 0o644 })
    await write(file('open.ndjson'))
    expect(statSync(file('open.ndjson')).mode & 0o777).toBe(0o600)
    expect(readFileSync(file('open.ndjson'), 'utf8')).toBe('{"a":1}\n')
  })

  test('goes through no link to another file, and leaves that as it is', async () => {
    writeFileSync(file('precious'), 'keep')
    symlinkSync(file('precious'), file('link.ndjson'))
    symlinkSync(file('nowhere'), file('dangling.ndjson'))
    await expect(write(file('link.ndjson'))).rejects.toThrow('is a link to a file')
    await expect(write(file('dangling.ndjson'))).rejects.toThrow('is a link to a file')
    expect(readFileSync(file('precious'), 'utf8')).toBe('keep')
    expect(existsSync(file('nowhere'))).toBe(false)
  })

  test('may be a device, which stays as it is', async () => {
    const { mode } = statSync('/dev/null')
    await write('/dev/null')
    expect(statSync('/dev/null').mode).toBe(mode)
  })
})
