import { execFile } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCasebook, runShell, type Ran } from './run-casebook.ts'
import { startTestServer, type Role, type TestServer } from './start-test-server.ts'

let server: TestServer
let folder: string
beforeAll(async () => {
  server = await startTestServer()
  folder = mkdtempSync(join(tmpdir(), 'casebook-attacks-'))
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const file = (name: string) => join(folder, name)
const given = (as: Role = 'editor', env: Record<string, string> = {}) => ({
  env: { CASEBOOK_URL: server.url, CASEBOOK_TOKEN: server.tokenOf(as), CASEBOOK_CONFIG_DIR: folder, ...env },
  cwd: folder,
})
const casebook = (args: string, env: Record<string, string> = {}): Promise<Ran> =>
  runCasebook(args.split(' '), given('editor', env))

describe('a secret', () => {
  test.each([
    ['a token that is no header', 'whoami', { CASEBOOK_TOKEN: 'sekret\nsekret' }, 4],
    ['a token of other letters', 'whoami', { CASEBOOK_TOKEN: 'sekretключ' }, 4],
    ['a password behind the user name', 'login editor sekret', {}, 2],
    ['an address with a password', 'books list', { CASEBOOK_URL: 'http://me:sekret@127.0.0.1:4' }, 2],
  ])('is not said again: %s', async (...[, args, env, code]) => {
    const done = await casebook(args, env)
    expect([done.code, done.out]).toEqual([code, ''])
    expect(done.err).toMatch(/^Error: .+\nHint: .+\n$/)
    expect(done.err).not.toContain('sekret')
  })

  test('may have blanks and line breaks around it', async () => {
    const done = await casebook('whoami --json', { CASEBOOK_TOKEN: ` ${server.tokenOf('editor')}\r\n` })
    expect(done, done.err).toMatchObject({ code: 0, json: { username: 'editor' } })
  })
})

test('a full disk behind standard output is a failure, in words', async () => {
  for (const command of [
    'books list --json',
    'books export',
    'books get X --json',
    '--help',
    'books --help',
  ]) {
    const id = 'book_01jd3xq5e0f2q8n4v6z8a1b3d2'
    const { code, err } = await runShell(`casebook ${command.replace('X', id)} > /dev/full`, given())
    expect([code, err], command).toEqual([
      1,
      expect.stringMatching(/^.+Standard output cannot be written: .*no space left on device/),
    ])
    expect(err).not.toContain('    at ')
  }
})

describe('a file of an import', () => {
  test.each([
    ['/dev/full', '/dev/full cannot be written: no space left on device.'],
    ['.', '. is a folder.'],
  ])('that cannot be written is named: %s', async (rejects, why) => {
    writeFileSync(file('bad.csv'), 'externalId,title\na,\n')
    const { err } = await casebook(`books import bad.csv --source full --rejects ${rejects}`)
    expect(err).toContain(`Error: ${why}`)
  })

  // Root may write everywhere.
  test.skipIf(process.getuid?.() === 0)('is looked for before anything is sent', async () => {
    mkdirSync(file('closed'))
    writeFileSync(file('closed/good.csv'), 'externalId,title\nclosed-1,Closed\n')
    chmodSync(file('closed'), 0o555)
    const { code, err } = await casebook('books import closed/good.csv --source closed --json')
    expect([code, err]).toEqual([1, expect.stringContaining('cannot be written: permission denied')])
    chmodSync(file('closed'), 0o755)
  })

  test('goes through no link that stands where its journal is to be', async () => {
    writeFileSync(file('precious'), 'keep')
    writeFileSync(file('linked.csv'), 'externalId,title\nlinked-1,Linked\n')
    symlinkSync(file('precious'), file('linked.csv.casebook-import.json.part'))
    expect((await casebook('books import linked.csv --source linked')).code).toBe(0)
    expect(readFileSync(file('precious'), 'utf8')).toBe('keep')
  })

  test.each([
    ['{"casebookImport":1}'],
    [
      '{"casebookImport":1,"input":{"bytes":33,"sha256":"x"},"begun":{},"standing":{"counts":{"read":-5},"bytes":1}}',
    ],
    ['null'],
  ])('is no journal when somebody has changed it: %s', async (text) => {
    writeFileSync(file('odd.csv'), 'externalId,title\nodd-1,Odd\n')
    writeFileSync(file('odd.csv.casebook-import.json'), text)
    const { code, err } = await casebook('books import odd.csv --source odd --resume')
    expect([code, err]).toEqual([2, expect.stringContaining('is no journal of an import.\nHint: remove it')])
    rmSync(file('odd.csv.casebook-import.json'))
  })
})

test('a plan changes the objects alone that it names', async () => {
  const { books } = server.client('editor')
  const [one, other] = await Promise.all(['One', 'Other'].map((title) => books.create.mutate({ title })))
  const head = { casebookPlan: 1, resource: 'books', server: server.url, madeAt: 'x' }
  const row = { id: one!.id, version: 1, before: {}, after: { id: other!.id, title: 'Changed' } }
  writeFileSync(file('plan.ndjson'), `${JSON.stringify(head)}\n${JSON.stringify(row)}\n`)
  const done = await casebook('apply plan.ndjson')
  expect([done.code, done.err]).toEqual([2, expect.stringContaining('Line 2 of plan.ndjson is no change')])
  expect((await books.get.query({ id: other!.id })).title).toBe('Other')
})

test('--set of a field that there is not stops before the first row', async () => {
  writeFileSync(file('rows.csv'), 'id\nbook_01jd3xq5e0f2q8n4v6z8a1b3d2\n')
  const done = await casebook('books update-many rows.csv --set titel=x')
  expect([done.code, done.err]).toEqual([2, expect.stringContaining('--set: there is no field titel.')])
  expect(existsSync(file('rows.rejects.csv'))).toBe(false)
})

test('an input that is too long for a query is said to be that', async () => {
  const done = await casebook(`books list --q ${'x'.repeat(20_000)}`)
  expect([done.code, done.err]).toEqual([
    2,
    expect.stringContaining('Error: What was typed is too long for a call.'),
  ])
})

test('what a server says has no escapes at a terminal', async () => {
  const odd = '\u001B]0;title\u0007\u001B[31mred\u009B2J'
  const data = {
    code: 'NOT_FOUND',
    reason: 'not-found',
    detail: odd,
    title: odd,
    requestId: odd,
    httpStatus: 404,
  }
  const hostile = createServer((asked, answer) => {
    const text = asked.url?.startsWith('/healthz')
      ? JSON.stringify({ status: 'ok', version: odd })
      : `{"0":[[0],[null,0,0]]}\n${JSON.stringify([0, 0, [[{ error: { code: -32_004, message: odd, data } }]]])}\n`
    answer.setHeader('content-type', 'application/json').end(text)
  })
  await new Promise<void>((resolve) => void hostile.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(hostile.address() as AddressInfo).port}`
  try {
    for (const args of ['books get x', 'doctor', 'books list']) {
      const { out, err } = await casebook(args, { CASEBOOK_URL: url })
      // oxlint-disable-next-line no-control-regex
      expect(`${out}${err}`, args).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/)
      expect(err).toContain('red')
    }
  } finally {
    hostile.close()
  }
})

test('what is kept nowhere but in the settings of the user goes before what a wrapper thinks usual', async () => {
  const home = mkdtempSync(file('home-'))
  const env = { CASEBOOK_STORE: '', CASEBOOK_DEFAULT_STORE: 'auto', CASEBOOK_CONFIG_DIR: home }
  expect((await casebook('config get store', env)).out).toBe('auto\n')
  await casebook('config set store file', env)
  expect((await casebook('config get store', env)).out).toBe('file\n')
})

test('help of a script of its own ends quietly with its reader', async () => {
  const { stdout, stderr } = await promisify(execFile)('bash', [
    '-c',
    `"${process.execPath}" "${join(import.meta.dirname, '../../cli/src/main.js')}" --help | true; echo "\${PIPESTATUS[*]}"`,
  ])
  expect([stdout, stderr]).toEqual(['0 0\n', ''])
})
