import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Services } from '@casebook/core'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCasebook, runShell, startCasebook, type Running } from './run-casebook.ts'
import { startTestServer, type Role, type TestServer } from './start-test-server.ts'

/** A door behind which the answer of one call waits: what it asked for is done by then. */
function createDoor() {
  let calls = 0
  let shutAt = 0
  let open = () => undefined as void
  let opened: Promise<void> = Promise.resolve()
  let arrive = () => undefined as void
  return {
    calls: () => calls,
    /** Shuts the door for the call of this number, counted from now, and gives when it stands there. */
    shut(at: number): Promise<void> {
      calls = 0
      shutAt = at
      ;({ promise: opened, resolve: open } = Promise.withResolvers<void>())
      const { promise, resolve } = Promise.withResolvers<void>()
      arrive = resolve
      return promise
    },
    open: () => open(),
    async pass<T>(answer: Promise<T>): Promise<T> {
      calls += 1
      const isStopped = calls === shutAt
      const value = await answer
      if (isStopped) {
        arrive()
        await opened
      }
      return value
    },
  }
}

const door = createDoor()
let server: TestServer
let folder: string
beforeAll(async () => {
  server = await startTestServer({
    faulty: (services): Services =>
      Object.create(services, {
        books: {
          get: () => {
            const { books } = services
            return { ...books, import: (input: never) => door.pass(books.import(input)) }
          },
        },
        patients: {
          get: () => {
            const { patients } = services
            return { ...patients, list: (input: never) => door.pass(patients.list(input)) }
          },
        },
      }) as Services,
  })
  folder = mkdtempSync(join(tmpdir(), 'casebook-import-'))
})
afterAll(async () => {
  door.open()
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const file = (name: string) => join(folder, name)
const given = (as: Role, input = '') => ({
  env: { CASEBOOK_URL: server.url, CASEBOOK_TOKEN: server.tokenOf(as) },
  cwd: folder,
  input,
})
const casebook = (args: string, as: Role = 'editor', input = '') =>
  runCasebook(args.split(' '), given(as, input))
const start = (args: string, as: Role = 'editor'): Running => startCasebook(args.split(' '), given(as))
const journalOf = (name: string) => file(`${name}.casebook-import.json`)

/** Counts the books of a source: all, and the different ones. */
async function booksOf(source: string): Promise<{ all: number; different: number }> {
  const { rows } = await sql<{ all: number; different: number }>`
    select count(*)::int as all, count(distinct external_id)::int as different
    from book_identifier where source = ${source}`.execute(server.database.kysely)
  return rows[0] ?? { all: 0, different: 0 }
}

type Cells = Record<string, string>
/** Reads and writes tables whose cells hold neither commas nor quotes. */
function readCsv(name: string): Cells[] {
  const [header = [], ...rows] = readFileSync(file(name), 'utf8')
    .trim()
    .split('\r\n')
    .map((line) => line.split(','))
  return rows.map((cells) => Object.fromEntries(header.map((column, index) => [column, cells[index] ?? ''])))
}
function writeCsv(name: string, rows: readonly Cells[]): void {
  const lines = [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))]
  writeFileSync(file(name), lines.map((cells) => `${cells.join(',')}\r\n`).join(''))
}
const goodRows = (count: number): Cells[] =>
  Array.from({ length: count }, (_, index) => ({
    externalId: `good-${index}`,
    title: `Row ${index}`,
    isbn13: '',
  }))

describe('an import that is killed at half', () => {
  const untitled = new Set<number>()
  const taken = new Set<number>()
  const table = goodRows(10_000).flatMap((row, index) => [
    row,
    ...(index % 500 === 0 ? [{ externalId: `untitled-${index}`, title: '', isbn13: '' }] : []),
    ...(index % 1000 === 999
      ? [{ externalId: `taken-${index}`, title: 'Taken', isbn13: '9780140449136' }]
      : []),
  ])
  beforeAll(async () => {
    const { books } = server.client('editor')
    await books.create.mutate({ title: 'First of its number', isbn13: '9780140449136' })
    for (const [index, { externalId = '' }] of table.entries()) {
      // Line 1 is the header.
      if (externalId.startsWith('untitled')) untitled.add(index + 2)
      if (externalId.startsWith('taken')) taken.add(index + 2)
    }
    writeCsv('half.csv', table)
  })

  test('goes on with --resume: none is missing, none is there twice, rejected rows are exact', async () => {
    const atDoor = door.shut(6)
    const { child, ended } = start('books import half.csv --source half')
    await atDoor
    child.kill('SIGKILL')
    await ended
    door.open()
    expect(statSync(journalOf('half.csv')).mode & 0o777).toBe(0o600)
    const { standing } = JSON.parse(readFileSync(journalOf('half.csv'), 'utf8')) as {
      standing: { counts: { created: number; read: number; rejected: number } }
    }
    expect(standing.counts).toMatchObject({ created: 4996 })
    // The sixth thousand had arrived when the import died, and is unknown to its journal.
    expect((await booksOf('half')).all).toBe(5995)

    void door.shut(0)
    const done = await casebook('books import half.csv --source half --resume --json')
    expect(done, done.err).toMatchObject({
      code: 7,
      json: { read: 10_030, created: 4996 + 4005, exists: 999, rejected: 30 },
    })
    expect(door.calls()).toBe(6)
    expect(await booksOf('half')).toEqual({ all: 10_000, different: 10_000 })
    expect(existsSync(journalOf('half.csv'))).toBe(false)
    const rejects = readCsv('half.rejects.csv').map(({ line, column }) => `${line} ${column}`)
    expect(rejects.toSorted()).toEqual(
      [
        ...[...untitled].map((line) => `${line} title`),
        ...[...taken].map((line) => `${line} isbn13`),
      ].toSorted(),
    )
  })

  test('leaves rejected rows that are mended where they are, and fed back as they are', async () => {
    expect(statSync(file('half.rejects.csv')).mode & 0o777).toBe(0o600)
    writeCsv(
      'half.rejects.csv',
      readCsv('half.rejects.csv').map((row) => ({ ...row, title: 'Mended', isbn13: '' })),
    )
    const done = await casebook('books import half.rejects.csv --source half --json')
    expect(done, done.err).toMatchObject({ code: 0, json: { created: 30, exists: 0, rejected: 0 } })
    expect((await booksOf('half')).all).toBe(10_030)
  })

  test('goes on with the file of rejected rows that it was begun with, once it is said again', async () => {
    writeCsv('named.csv', [{ externalId: 'bad', title: '', isbn13: '' }, ...goodRows(1500)])
    const atDoor = door.shut(2)
    const { child, ended } = start('books import named.csv --source named --rejects odd.csv')
    await atDoor
    child.kill('SIGKILL')
    await ended
    door.open()
    const unsaid = await casebook('books import named.csv --source named --resume')
    expect([unsaid.code, unsaid.err]).toEqual([
      2,
      expect.stringContaining('was begun with another rejects, odd.csv.'),
    ])
    const args = 'books import named.csv --source named --rejects odd.csv --resume --json'
    const done = await casebook(args)
    expect(done, done.err).toMatchObject({ code: 7, json: { read: 1501, rejectsFile: 'odd.csv' } })
    expect(existsSync(file('named.rejects.csv'))).toBe(false)
  })

  test('is not resumed where it would bring something else', async () => {
    const rows = goodRows(2500)
    writeCsv('kept.csv', rows)
    const atDoor = door.shut(2)
    const { child, ended } = start('books import kept.csv --source kept')
    await atDoor
    child.kill('SIGKILL')
    await ended
    door.open()
    const refused = async (args: string) => {
      const { code, out, err } = await casebook(args)
      expect([code, out]).toEqual([2, ''])
      return err
    }
    expect(await refused('books import kept.csv --source other --resume')).toContain(
      'The import of kept.csv was begun with another source, kept.',
    )
    expect(await refused('books import kept.csv --source kept --resume --dry-run')).toContain('dry run')
    expect(await refused('books import - --format csv --resume')).toContain(
      'Standard input cannot be read again',
    )
    writeCsv('kept.csv', rows.with(2400, { externalId: 'good-2400', title: 'Row 24xx', isbn13: '' }))
    expect(await refused('books import kept.csv --source kept --resume')).toContain(
      'kept.csv has changed since its import was interrupted.',
    )
    expect(existsSync(journalOf('kept.csv'))).toBe(true)

    const anew = await casebook('books import kept.csv --source kept --json')
    expect(anew, anew.err).toMatchObject({ code: 0, json: { created: 500, exists: 2000 } })
    expect(anew.err).toContain(
      'An import of kept.csv was interrupted after 1,000 rows. This one begins anew, which brings nothing twice; to go on instead: casebook books import kept.csv --source kept --json --resume\n',
    )
    expect(existsSync(journalOf('kept.csv'))).toBe(false)
  })
})

describe('rejected rows that are mended in their file', () => {
  const mend = async (name: string, args: string, [from, to]: readonly [string | RegExp, string]) => {
    const rejected = await casebook(`books import ${name} ${args} --json`)
    expect([rejected.code, rejected.json], rejected.err).toMatchObject([7, { created: 0, rejected: 1 }])
    const { rejectsFile } = rejected.json as { rejectsFile: string }
    writeFileSync(file(rejectsFile), readFileSync(file(rejectsFile), 'utf8').replaceAll(from, to))
    const done = await casebook(`books import ${rejectsFile} ${args} --json`)
    expect(done, done.err).toMatchObject({ code: 0, json: { created: 1, rejected: 0 } })
  }
  const draft = async (q: string) => {
    const { items } = await server.client('editor').books.list.query({ q, status: 'draft' })
    return items.map(({ contributors, ...book }) => ({
      ...book,
      by: contributors.map((one) => one.author.name),
    }))
  }

  test('go in with a mapping, as they stand', async () => {
    const header = 'book_id,isbn,authors,original_publication_year,title,language_code'
    writeFileSync(file('good.csv'), `${header}\n1,439023483,"Ann Mended, Bo Mended",2008.0,,eng\n`)
    await mend('good.csv', '--mapping goodbooks', [',2008.0,,', ',2008.0,Mended by mapping,'])
    expect(await draft('Mended by mapping')).toMatchObject([
      { isbn13: '9780439023481', language: 'en', by: ['Ann Mended', 'Bo Mended'] },
    ])
  })

  test('are all there where a mapping puts several together', async () => {
    const header = 'gutenberg_id,title,author,gutenberg_author_id,language,lcsh'
    writeFileSync(file('works.csv'), `${header}\n1,,"Mended, Cy",1,en,a; b\n1,,"Mended, Di",2,en,a; b\n`)
    await mend('works.csv', '--mapping gutenberg', [/,1,,/g, ',1,Mended by group,'])
    expect(await draft('Mended by group')).toMatchObject([
      { by: ['Cy Mended', 'Di Mended'], subjects: ['a', 'b'] },
    ])
  })

  test('go in as NDJSON, nested values and all', async () => {
    const contributors = [{ name: 'Ed Mended', role: 'editor' }]
    const row = {
      externalId: 'n-1',
      title: 'Mended as object',
      subjects: ['x, y'],
      isbn13: '12',
      contributors,
    }
    writeFileSync(file('objects.ndjson'), `${JSON.stringify(row)}\n`)
    await mend('objects.ndjson', '--source objects', ['"12"', '"9780141439518"'])
    expect(await draft('Mended as object')).toMatchObject([{ by: ['Ed Mended'], subjects: ['x, y'] }])
  })

  test('are imported by the command that is said, as it stands', async () => {
    writeFileSync(file('said.csv'), 'externalId,name\nsaid-1,\n')
    const flags = '--source said --map externalId=externalId --map title=name'
    const { err } = await casebook(`books import said.csv ${flags} --notes said.notes --dry-run --json`)
    const command = /mend them there, and then: casebook (.*)\n/.exec(err)?.[1] ?? ''
    expect(command).toBe(`books import said.rejects.csv ${flags} --json`)
    writeCsv(
      'said.rejects.csv',
      readCsv('said.rejects.csv').map((row) => ({ ...row, name: 'Said' })),
    )
    expect(await casebook(command)).toMatchObject({ code: 0, json: { created: 1 } })
  })

  test('stay where they are when the same file is imported again', async () => {
    writeFileSync(file('twice.csv'), 'externalId,title\ntw-1,\n')
    const rejectsOf = async (flags: string) =>
      (await casebook(`books import twice.csv --source twice ${flags}--json`)).json
    expect(await rejectsOf('--dry-run ')).toMatchObject({ rejectsFile: 'twice.rejects.csv' })
    writeFileSync(file('twice.rejects.csv'), 'mended')
    expect(await rejectsOf('')).toMatchObject({ rejectsFile: 'twice.rejects-2.csv' })
    expect(readFileSync(file('twice.rejects.csv'), 'utf8')).toBe('mended')
  })

  test('never go to the file that is being read', async () => {
    writeFileSync(file('same.csv'), 'externalId,title\na,\n')
    const { code, err } = await casebook('books import same.csv --rejects ./same.csv')
    expect([code, err]).toEqual([
      2,
      expect.stringContaining('Error: ./same.csv would be read and written at once.\n'),
    ])
  })
})

test('a reader that has seen enough is no failure', async () => {
  // More than a pipe holds.
  const rows = goodRows(2000).map((row) => ({ ...row, title: `Long ${'title '.repeat(50)}` }))
  writeCsv('long.csv', rows)
  expect((await casebook('books import long.csv --source long')).code).toBe(0)
  for (const command of ['list --output ndjson', 'list', 'export', 'list --output csv', 'export --json']) {
    const line = `casebook books ${command} --status draft | head -1; echo "\${PIPESTATUS[*]}"`
    const { out, err } = await runShell(line, given('editor'))
    expect([out.trim().split('\n').at(-1), err], command).toEqual(['0 0', ''])
  }
})

describe('a table that cannot be imported stops at its header', () => {
  test.each([
    ['externalId,Title\n1,A\n', '', 'The input has no column «title»; it has «externalId», «Title».'],
    ['id,title,price\n1,A,2\n', '', 'no field: «price». The fields are externalId, title,'],
    ['id,name\n1,A\n', '--map externalId=id', 'The mapping lacks title, which every row must have.'],
    ['id,name\n1,A\n', '--map externalId=id --map title=nam', 'no column «nam»; it has «id», «name».'],
    ['', '', 'The input is empty: it lacks even a header.'],
    [
      'id,name\n1,A\n',
      '--map externalId=id --map titel=name',
      'The mapping has titel, which is no field.\nHint: the fields are',
    ],
    [
      'id,name\n1,A\n',
      '--map externalId=id --map title=name --map status==published',
      'said for all of them: --status',
    ],
  ])('%j %s', async (table, flags, message) => {
    writeFileSync(file('header.csv'), table)
    const { code, out, err } = await casebook(`books import header.csv --source header ${flags}`.trim())
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(message)
    expect(existsSync(file('header.rejects.csv'))).toBe(false)
    expect((await booksOf('header')).all).toBe(0)
  })

  test.each([
    ['whole.json', '[{"id":"a"}]'],
    ['whole.ndjson', '[\n  {"externalId":"a","title":"A"}\n]\n'],
  ])('so does a list of JSON, %s, which says how it is made NDJSON', async (name, text) => {
    writeFileSync(file(name), text)
    const { code, out, err } = await casebook(`books import ${name} --source whole`)
    expect([code, out, err]).toEqual([2, '', expect.stringContaining('--output ndjson, or: jq -c')])
    expect(existsSync(file('whole.rejects.ndjson'))).toBe(false)
  })

  test.each([
    ['{"fields":', 'holds no mapping: '],
    ['[1]', 'it is no JSON object'],
    ['{"source":"a"}', '«fields» is no object'],
    ['{"fields":{"title":{"column":"a"}}}', '«title» is no text such as'],
    ['{"fields":{"title":"a"},"group":true}', 'there is nothing called «group» in it'],
  ])('and a mapping file that holds %s', async (text, why) => {
    writeFileSync(file('mapped.csv'), 'a\nA\n')
    writeFileSync(file('mapping.json'), text)
    const { code, err } = await casebook('books import mapped.csv --mapping mapping.json')
    expect([code, err]).toEqual([2, expect.stringContaining(why)])
  })

  test('and one whose rejected rows would have no folder', async () => {
    writeFileSync(file('placed.csv'), 'externalId,title\na,A\n')
    const { code, err } = await casebook('books import placed.csv --source placed --rejects no/where.csv')
    expect([code, err]).toEqual([2, expect.stringContaining('Hint: mkdir -p ')])
    expect((await booksOf('placed')).all).toBe(0)
  })

  test('but not one of our own export, nor rows of NDJSON, which may differ', async () => {
    const exported = await casebook('books export --output csv')
    writeFileSync(file('own.csv'), exported.out)
    expect(await casebook('books import own.csv --json')).toMatchObject({ code: 0, json: { created: 0 } })
    writeFileSync(file('rows.ndjson'), '{"externalId":"a"}\n{"externalId":"b","title":"B"}\n')
    const done = await casebook('books import rows.ndjson --source rows --json')
    expect(done).toMatchObject({ code: 7, json: { created: 1, rejected: 1 } })
  })
})

describe('what is interrupted by Ctrl-C', () => {
  test('as an import ends with the batch under way, shows no secret, and says how to go on', async () => {
    // So short that a piece of the file, 64 KB, holds two batches.
    const names = Array.from({ length: 60 }, (_, index) => String.fromCodePoint(0x3a + index)).filter(
      (one) => one !== '\\',
    )
    const ids = names.flatMap((one) => names.map((other) => one + other)).slice(0, 3400)
    const rows = ids.map((id) => `{"externalId":"${id}","title":"A"}`)
    writeFileSync(file('stopped rows.ndjson'), `${rows.join('\n')}\n`)
    const atDoor = door.shut(1)
    const { child, ended } = startCasebook(
      ['books', 'import', 'stopped rows.ndjson', '--source', 'stopped'],
      given('editor'),
    )
    await atDoor
    const shown = readFileSync(`/proc/${child.pid}/cmdline`, 'utf8')
    expect(shown).toContain('stopped rows.ndjson')
    expect(shown).not.toContain(server.tokenOf('editor'))
    child.kill('SIGINT')
    await new Promise((resolve) => child.stderr?.once('data', resolve))
    door.open()
    const { code, out, err } = await ended
    expect([code, out, err]).toEqual([
      130,
      '',
      [
        'Ending with what is under way; Ctrl-C again ends at once.',
        'Error: Interrupted: 1,000 rows had arrived.',
        "Hint: casebook books import 'stopped rows.ndjson' --source stopped --resume",
        '',
      ].join('\n'),
    ])
    expect((await booksOf('stopped')).all).toBe(1000)
    const done = await runCasebook(
      ['books', 'import', 'stopped rows.ndjson', '--source', 'stopped', '--resume', '--json'],
      given('editor'),
    )
    expect(done, done.err).toMatchObject({ code: 0, err: '', json: { read: 3400, created: 3400, exists: 0 } })
  })

  test('as an export leaves nothing behind', async () => {
    const patients = Array.from({ length: 1001 }, (_, index) => ({
      externalId: `${index}`,
      givenName: 'Ada',
      familyName: 'Byron',
      birthDate: '1815-12-10',
      sex: 'female',
    }))
    writeCsv('patients.csv', patients)
    expect((await casebook('patients import patients.csv', 'clinician')).code).toBe(0)
    const atDoor = door.shut(2)
    const { child, ended } = start('patients export --out stopped.ndjson', 'clinician')
    await atDoor
    child.kill('SIGINT')
    const { code, err } = await ended
    door.open()
    expect([code, err]).toEqual([130, 'Interrupted: stopped.ndjson was not written.\n'])
    expect([existsSync(file('stopped.ndjson')), existsSync(file('stopped.ndjson.part'))]).toEqual([
      false,
      false,
    ])
  })
})
