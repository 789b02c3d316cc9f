import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { UpdateBookInput } from '@casebook/api/books'
import type { Services } from '@casebook/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCasebook } from './run-casebook.ts'
import { startTestServer, type Role, type TestServer } from './start-test-server.ts'

let server: TestServer
let folder: string
/** A book that somebody else changes just before the command does. */
let contested: string | null = null
beforeAll(async () => {
  server = await startTestServer({
    faulty: (services): Services => {
      const update = async (input: UpdateBookInput) => {
        const { books } = services
        if (input.id === contested) {
          contested = null
          await books.update({ id: input.id, title: 'Meanwhile' })
        }
        return books.update(input)
      }
      return Object.create(services, {
        books: { get: () => ({ ...services.books, update }) },
      }) as Services
    },
  })
  folder = mkdtempSync(join(tmpdir(), 'casebook-bulk-'))
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const file = (name: string) => join(folder, name)
const casebook = (args: readonly string[], as: Role = 'editor', input = '') =>
  runCasebook(args, {
    env: { CASEBOOK_URL: server.url, CASEBOOK_TOKEN: server.tokenOf(as) },
    cwd: folder,
    input,
  })
const books = () => server.client('editor').books
const makeDrafts = (...titles: string[]) =>
  Promise.all(titles.map((title) => books().create.mutate({ title, subtitle: 'On it' })))
const linesOf = (name: string) =>
  readFileSync(file(name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

describe('update-many', () => {
  test('changes what the file says otherwise, and rejects rows that were written of another version', async () => {
    const [one, two, three] = await makeDrafts('One', 'Two', 'Three')
    await books().update.mutate({ id: three!.id, title: 'Three by somebody else' })
    const rows = [
      'id,title,subtitle,status,version',
      `${one!.id},One,,published,1`,
      `${two!.id},Two,,draft,1`,
      `${three!.id},Three by me,,draft,1`,
      `${one!.id},One again,,draft,1`,
      'book_01jd3xq5e0f2q8n4v6z8a1b3zz,Nothing,,,',
    ]
    writeFileSync(file('changes.csv'), `${rows.join('\n')}\n`)
    const args = ['books', 'update-many', 'changes.csv', '--set', 'language=en', '--json']
    const done = await casebook(args)
    expect(done, done.err).toMatchObject({
      code: 7,
      json: {
        dryRun: false,
        read: 5,
        changed: 2,
        unchanged: 0,
        rejected: 3,
        rejectsFile: 'changes.rejects.csv',
      },
    })
    expect(await books().get.query({ id: one!.id })).toMatchObject({
      status: 'published',
      language: 'en',
      subtitle: 'On it',
      version: 3,
    })
    expect(await books().get.query({ id: two!.id })).toMatchObject({
      status: 'draft',
      language: 'en',
      version: 2,
    })
    expect(readFileSync(file('changes.rejects.csv'), 'utf8').split('\r\n').slice(0, 4)).toEqual([
      'line,column,reason,id,title,subtitle,status,version',
      `4,version,has changed since version 1: it is at 2,${three!.id},Three by me,,draft,1`,
      `5,id,stands twice in this file,${one!.id},One again,,draft,1`,
      expect.stringMatching(/^6,id,.is not there/),
    ])

    const mended = `id,title,line,column,reason,version\n${three!.id},Three by us,4,version,x,2\n`
    writeFileSync(file('changes.rejects.csv'), mended)
    const again = await casebook(['books', 'update-many', 'changes.rejects.csv', '--json'])
    expect(again, again.err).toMatchObject({ code: 0, json: { changed: 1, rejected: 0 } })
    const { json } = await casebook(args)
    expect(json).toMatchObject({ changed: 0, unchanged: 2, rejected: 3 })
  })

  test('changes patients and records by NDJSON, where null takes a field away', async () => {
    const patient = server.fill('{patient}')
    const record = server.fill('{record}')
    const clinician = server.client('clinician').records
    await clinician.amend.mutate({ id: record, notes: 'To be taken away.' })
    const change = (name: string, row: object) =>
      casebook([name, 'update-many', '-', '--format', 'ndjson', '--json'], 'clinician', JSON.stringify(row))
    expect((await change('patients', { id: patient, familyName: 'Lovelace' })).json).toMatchObject({
      changed: 1,
    })
    expect((await change('records', { id: record, patientId: patient, notes: null })).json).toMatchObject({
      changed: 1,
    })
    const { notes, version } = await clinician.get.query({ id: record })
    expect(notes).toBeUndefined()
    expect((await change('records', { id: record, notes: null })).json).toMatchObject({ unchanged: 1 })
    expect(await clinician.get.query({ id: record })).toMatchObject({ version })
    const moved = await change('records', { id: record, patientId: server.fill('{otherPatient}') })
    expect([moved.code, moved.json]).toMatchObject([7, { rejected: 1 }])
  })
})

describe('update-many, before it changes anything', () => {
  test.each([
    ['id,titel\n1,A\n', 'no field: «titel»'],
    ['title\nA\n', 'no column «id», which says what each row is to change; it has «title»'],
  ])('stops at the header %j', async (table, message) => {
    writeFileSync(file('header.csv'), table)
    const { code, out, err } = await casebook(['books', 'update-many', 'header.csv'])
    expect([code, out, err]).toEqual([2, '', expect.stringContaining(message)])
  })

  test('withdraws many books only when that is said', async () => {
    const [one, two] = await makeDrafts('Seen', 'Seen, too')
    await Promise.all([one!, two!].map(({ id }) => books().publish.mutate({ id })))
    writeFileSync(file('away.csv'), `id\n${one!.id}\n`)
    const set = ['books', 'update-many', 'away.csv', '--set', 'status=withdrawn']
    const refused = await casebook([...set, '--json'])
    expect([refused.code, refused.json]).toMatchObject([7, { changed: 0, rejected: 1 }])
    expect(readFileSync(file('away.rejects.csv'), 'utf8')).toContain('which needs --yes')
    expect((await casebook([...set, '--yes', '--json'])).json).toMatchObject({ changed: 1, rejected: 0 })
    writeFileSync(file('away.csv'), `id\n${two!.id}\n`)
    expect((await casebook([...set, '--dry-run', '--out', 'away.ndjson'])).code).toBe(0)
    const unsure = await casebook(['apply', 'away.ndjson', '--json'])
    expect([unsure.code, unsure.json], unsure.err).toMatchObject([6, { changed: 0, refused: 1 }])
    expect((await casebook(['apply', 'away.ndjson', '--yes', '--json'])).json).toMatchObject({ changed: 1 })
  })

  test('names with --dry-run what it would change, of patients the fields alone', async () => {
    const [one] = await makeDrafts('Named')
    writeFileSync(file('named.csv'), `id,title\n${one!.id},Renamed\n`)
    const { err } = await casebook(['books', 'update-many', 'named.csv', '--dry-run'])
    expect(err).toBe(`${one!.id}: title "Named" → "Renamed"\nA dry run: nothing was changed.\n`)
    const patient = server.fill('{patient}')
    writeFileSync(file('patient.csv'), `id,familyName\n${patient},Somebody\n`)
    const hidden = await casebook(['patients', 'update-many', 'patient.csv', '--dry-run'], 'clinician')
    expect(hidden.err).toBe(`${patient}: familyName\nA dry run: nothing was changed.\n`)
  })
})

describe('a plan', () => {
  const plan = async (name: string, ids: readonly string[]) => {
    const rows = ids.map((id, index) =>
      JSON.stringify({ id, title: `Planned ${index}`, status: 'published' }),
    )
    writeFileSync(file(`${name}.ndjson`), `${rows.join('\n')}\n`)
    const args = [
      'books',
      'update-many',
      `${name}.ndjson`,
      '--dry-run',
      '--out',
      `${name}-plan.ndjson`,
      '--json',
    ]
    const done = await casebook(args)
    expect(done, done.err).toMatchObject({ code: 0, json: { dryRun: true, changed: ids.length } })
  }
  const apply = (name: string, ...flags: string[]) =>
    casebook(['apply', `${name}-plan.ndjson`, '--json', ...flags])
  const titlesOf = async (ids: readonly string[]) =>
    (await Promise.all(ids.map((id) => books().get.query({ id })))).map(
      ({ title, status }) => `${title}, ${status}`,
    )

  test('says what is and what is to be, changes nothing, and is for its owner alone', async () => {
    const [one] = await makeDrafts('Draft')
    await plan('told', [one!.id])
    expect(linesOf('told-plan.ndjson')).toMatchObject([
      { casebookPlan: 1, resource: 'books', server: server.url },
      {
        id: one!.id,
        version: 1,
        before: { title: 'Draft', status: 'draft' },
        after: { title: 'Planned 0', status: 'published' },
      },
    ])
    expect(statSync(file('told-plan.ndjson')).mode & 0o777).toBe(0o600)
    expect(await titlesOf([one!.id])).toEqual(['Draft, draft'])
    const again = await casebook([
      'books',
      'update-many',
      'told.ndjson',
      '--dry-run',
      '--out',
      'told-plan.ndjson',
    ])
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('is there already')])
    const looked = await apply('told', '--dry-run')
    expect([looked.code, looked.json]).toMatchObject([0, { dryRun: true, rows: 1, changed: 1, refused: 0 }])
    expect(await titlesOf([one!.id])).toEqual(['Draft, draft'])
    expect((await casebook(['apply', 'told.ndjson'])).err).toContain('told.ndjson is no plan of changes.')
  })

  test('changes nothing when a row was changed since; the others when that is asked for, once', async () => {
    const ids = (await makeDrafts('A', 'B', 'C')).map(({ id }) => id)
    await plan('since', ids)
    await books().update.mutate({ id: ids[1]!, title: 'B by somebody else' })
    const refused = await apply('since')
    expect(refused, refused.err).toMatchObject({
      code: 6,
      json: { rows: 3, changed: 0, refused: 1, refusedFile: 'since-plan.ndjson.refused.csv', dryRun: false },
      err: expect.stringContaining(`${ids[1]}: has changed since version 1: it is at 2\n`),
    })
    expect(await titlesOf(ids)).toEqual(['A, draft', 'B by somebody else, draft', 'C, draft'])
    expect(readFileSync(file('since-plan.ndjson.refused.csv'), 'utf8')).toBe(
      `line,id,column,reason\r\n3,${ids[1]},version,has changed since version 1: it is at 2\r\n`,
    )
    const partly = await apply('since', '--skip-changed')
    expect([partly.code, partly.json]).toMatchObject([7, { changed: 2, refused: 1 }])
    const done = ['Planned 0, published', 'B by somebody else, draft', 'Planned 2, published']
    expect(await titlesOf(ids)).toEqual(done)
    const again = await apply('since', '--skip-changed')
    expect([again.code, again.json]).toMatchObject([7, { changed: 0, unchanged: 2, refused: 1 }])
  })

  test('goes on where a run before it ended, in the middle of a book, too', async () => {
    const ids = (await makeDrafts('A', 'B')).map(({ id }) => id)
    await plan('half', ids)
    await books().update.mutate({ id: ids[0]!, title: 'Planned 0' })
    const done = await apply('half')
    expect(done, done.err).toMatchObject({ code: 0, json: { changed: 2, unchanged: 0, refused: 0 } })
    expect(await titlesOf(ids)).toEqual(['Planned 0, published', 'Planned 1, published'])
    expect((await apply('half')).json).toMatchObject({ changed: 0, unchanged: 2 })
    expect(existsSync(file('half-plan.ndjson.refused.csv'))).toBe(false)
  })

  test('overwrites nothing that was changed between the look and the change', async () => {
    const ids = (await makeDrafts('A', 'B')).map(({ id }) => id)
    await plan('raced', ids)
    contested = ids[0]!
    const done = await apply('raced')
    expect(done, done.err).toMatchObject({ code: 7, json: { changed: 1, refused: 1 } })
    expect(await titlesOf(ids)).toEqual(['Meanwhile, draft', 'Planned 1, published'])
  })
})
