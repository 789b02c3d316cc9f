import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCasebook, type Ran } from './run-casebook.ts'
import { startTestServer, type Role, type TestServer } from './start-test-server.ts'

let server: TestServer
let folder: string
beforeAll(async () => {
  server = await startTestServer()
  folder = mkdtempSync(join(tmpdir(), 'casebook-input-'))
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const casebook = (as: Role, args: readonly string[], input = ''): Promise<Ran> =>
  runCasebook(args, {
    env: { CASEBOOK_URL: server.url, CASEBOOK_TOKEN: server.tokenOf(as), CASEBOOK_CONFIG_DIR: folder },
    cwd: folder,
    input,
  })
type Book = { readonly id: string; readonly version: number }
const createBook = async (...flags: string[]) =>
  (await casebook('editor', ['books', 'create', '--title', 'On Fevers', ...flags, '--json'])).json as Book

describe('what a command takes', () => {
  test('comes from flags, of which some are given again, and some are JSON', async () => {
    const contributors = JSON.stringify([{ authorId: server.fill('{author}'), role: 'editor' }])
    const flags = ['--subjects', 'Fever', '--subjects', 'Heat', '--contributors', contributors]
    expect(await createBook('--published-on', '1798-05-01', ...flags)).toMatchObject({
      title: 'On Fevers',
      publishedOn: '1798-05-01',
      subjects: ['Fever', 'Heat'],
      contributors: [{ author: { id: server.fill('{author}') }, role: 'editor' }],
    })
  })

  test('comes from a file or standard input, and flags go before it', async () => {
    const input = { title: 'Of the File', language: 'fr', subjects: ['Fever'] }
    writeFileSync(join(folder, 'book.json'), JSON.stringify(input))
    const create = ['books', 'create', '--title', 'Of the Flag', '--json', '--input']
    const wanted = { title: 'Of the Flag', language: 'fr', subjects: ['Fever'] }
    expect((await casebook('editor', [...create, 'book.json'])).json).toMatchObject(wanted)
    expect((await casebook('editor', [...create, '-'], JSON.stringify(input))).json).toMatchObject(wanted)
  })

  test('takes a field away that is null, and is refused when the version is no longer the one read', async () => {
    const { id, version } = await createBook('--language', 'en')
    const update = ['books', 'update', id, '--if-version', String(version), '--json']
    const changed = await casebook('editor', [...update, '--language', 'null'])
    expect(changed.json).toMatchObject({ id, version: version + 1 })
    expect(changed.json).not.toHaveProperty('language')
    const kept = await casebook('editor', ['books', 'update', id, '--title', 'null'])
    expect([kept.code, kept.err]).toEqual([2, expect.stringContaining('--title cannot be taken away.')])
    const stale = await casebook('editor', [...update, '--title', 'Late'])
    expect([stale.code, JSON.parse(stale.err)]).toMatchObject([
      6,
      { reason: 'stale', hint: expect.stringContaining('casebook books get') },
    ])
  })

  test('may be an account by its name', async () => {
    const done = await casebook('admin', ['users', 'disable', 'Author', '--dry-run', '--json'])
    expect(done.json).toMatchObject({
      input: { disabled: true },
      present: { username: 'author', disabledAt: null },
    })
    const nobody = await casebook('admin', ['users', 'disable', 'nobody-there', '--yes'])
    expect([nobody.code, nobody.err]).toEqual([
      5,
      expect.stringContaining('casebook users list --q nobody-there'),
    ])
  })

  test.each([
    [['books', 'create'], '--title is missing'],
    [['patients', 'create', '--sex', 'male'], '--given-name, --family-name, --birth-date are missing'],
    [['books', 'update'], "missing required argument 'id'"],
    [['books', 'create', '--contributors', '{'], '--contributors is no JSON'],
    [['books', 'create', '--input', 'nowhere.json'], 'nowhere.json cannot be read'],
    [['books', 'create', '--input', '-'], 'Standard input is no JSON'],
    [['books', 'list', '--year', 'soon'], '--year must be a whole number, not «soon»'],
    [['books', 'list', '--limit', '0'], '--limit must be at least 1'],
    [['books', 'list', '--status', 'lost'], 'Allowed choices are draft, published, withdrawn'],
    [['users', 'list', '--disabled', 'perhaps'], 'Allowed choices are true, false'],
    [
      ['records', 'by-patient', 'CB-7'],
      '<patientId>: «CB-7» is no id, which begins with pat_.\nHint: find it: ',
    ],
    [['records', 'list', '--patient', 'Smith'], '--patient: «Smith» is no id, which begins with pat_.'],
    [['records', 'export', '--patient', 'Smith'], '--patient: «Smith» is no id, which begins with pat_.'],
    [['books', 'create', '--title', ' ', '--dry-run'], '--title: must not be empty or blank'],
    [['books', 'create', '--title', 'A', '--contributors', '[{}]'], '--contributors: 0.authorId is missing'],
    [['books', 'list', '--json', '--output', 'csv'], '--json and --output csv ask for two forms'],
  ])('is asked for where it is missing or odd: %j', async (args, why) => {
    const done = await casebook('admin', args)
    expect([done.code, done.out, done.err]).toEqual([2, '', expect.stringContaining(why)])
  })
})

describe('a secret', () => {
  test.each([
    [['auth', 'password', 'change'], 'current password and new password, of 8 to 256 characters'],
    [['auth', 'totp', 'confirm'], 'first code of the app'],
    [
      ['auth', 'password', 'reset', '--no-input'],
      'the key of the reset mail and new password, of 8 to 256 characters',
    ],
  ])('is not asked for without a terminal: %j', async (args, what) => {
    const done = await casebook('reader', args)
    expect([done.code, done.out]).toEqual([2, ''])
    expect(done.err.toLowerCase()).toContain(
      `no terminal to ask at for ${what}.\nhint: casebook ${args.slice(0, 3).join(' ')} --secrets-stdin`,
    )
  })

  test('comes by a line each, or within the input', async () => {
    const change = ['auth', 'password', 'change', '--json']
    const first = await casebook(
      'author',
      [...change, '--secrets-stdin'],
      'author-of-casebook\nfour quiet herons wade\n',
    )
    expect(first, first.err).toMatchObject({ code: 0, json: { message: expect.any(String) } })
    const input = JSON.stringify({
      currentPassword: 'four quiet herons wade',
      newPassword: 'nine tired otters swim',
    })
    expect(await casebook('author', [...change, '--input', '-'], input)).toMatchObject({ code: 0 })
  })
})
