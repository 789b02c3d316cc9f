import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { AuditEntry, AuditVerification } from '@casebook/api/audit'
import { NewApiKey } from '@casebook/api/auth'
import { Book } from '@casebook/api/books'
import { MedicalRecord } from '@casebook/api/records'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { runCasebook, type Ran } from './run-casebook.ts'
import { startTestServer, type Role, type TestServer } from './start-test-server.ts'

const run = promisify(execFile)
const main = join(import.meta.dirname, '../../cli/src/main.js')
let server: TestServer
let folder: string
beforeAll(async () => {
  server = await startTestServer()
  folder = mkdtempSync(join(tmpdir(), 'casebook-output-'))
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const envOf = (as: Role) => ({
  CASEBOOK_URL: server.url,
  CASEBOOK_TOKEN: server.tokenOf(as),
  CASEBOOK_CONFIG_DIR: folder,
})
const casebook = (as: Role, args: readonly string[]): Promise<Ran> => runCasebook(args, { env: envOf(as) })

/** Runs a line at a terminal of its own; gives what it shows. */
async function atTerminal(line: string, env: Record<string, string> = {}, columns = 100): Promise<string> {
  const inner = `stty cols ${columns} -onlcr; "${process.execPath}" "${main}" ${line}`
  const { stdout } = await run('script', ['-qec', inner, '/dev/null'], {
    env: { PATH: process.env['PATH'], TERM: 'xterm', ...envOf('admin'), ...env },
  })
  return stdout
}

const escapes = '\u001B['

describe('JSON', () => {
  test('is the same at a terminal and in a pipe, whatever is said besides', async () => {
    for (const args of [
      'books list --limit 3',
      'books get book_01jd3xq5e0f2q8n4v6z8a1b3d2',
      'books list --q zzzzzz',
    ]) {
      const { out } = await casebook('admin', [...args.split(' '), '--json'])
      expect(await atTerminal(`${args} --json 2>/dev/null`)).toBe(out)
    }
  })

  test.each([
    ['audit list --limit 5', z.array(AuditEntry)],
    ['audit list --action records.get', z.array(AuditEntry)],
    ['audit verify', AuditVerification],
    ['keys create nightly', NewApiKey],
    ['books list', z.array(Book).min(10)],
    ['records list --year 2024', z.array(MedicalRecord)],
  ])('of «%s» is what the contract says', async (args, schema) => {
    const done = await casebook('admin', [...args.split(' '), '--json'])
    expect(done.code, done.err).toBe(0)
    expect(schema.safeParse(done.json).error).toBeUndefined()
  })
})

describe('a table', () => {
  test('has colours at a terminal, and none where nobody wants them', async () => {
    expect(await atTerminal('books list --limit 3')).toContain(escapes)
    expect(await atTerminal('books list --limit 3', { NO_COLOR: '1' })).not.toContain(escapes)
    expect(await atTerminal('books list --limit 3', { TERM: 'dumb' })).not.toContain(escapes)
  })

  test('is 80 columns wide where nobody has told the terminal how wide it is', async () => {
    const shown = await atTerminal('books list --limit 2', { NO_COLOR: '1' }, 0)
    expect(shown).toMatch(/^id +title/)
    expect(shown).toMatch(/^book_\w{26} {2}\S/m)
  })

  test('fits the terminal, and names what it has no room for', async () => {
    const shown = await atTerminal('records list --limit 5', { NO_COLOR: '1' })
    const lines = shown.trim().split('\n')
    expect(lines).toHaveLength(7)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100)
    expect(lines.at(-1)).toBe('No room for patientId; --json has them.')
  })
})

test('CSV is quoted by RFC 4180, and holds no formula', async () => {
  await server.client('editor').books.create.mutate({ title: '=HYPERLINK("http://x.example"), more' })
  const { out } = await casebook('editor', ['books', 'list', '--status', 'draft', '--output', 'csv'])
  const lines = out.split('\r\n')
  expect([lines[0], lines.at(-1)]).toEqual([expect.stringMatching(/^id,title,subtitle,/), ''])
  expect(out).toContain(`,"'=HYPERLINK(""http://x.example""), more",`)
  expect(out.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
})

describe('an export', () => {
  const list = async (args: string, env: Record<string, string> = {}) =>
    runCasebook(['books', 'export', ...args.split(' ')], { env: { ...envOf('admin'), ...env }, cwd: folder })

  test('is as its flag says, else as its file is named, else as the settings say', async () => {
    const first = async (args: string, env?: Record<string, string>) =>
      (await list(args, env)).out.slice(0, 2)
    expect(await first('--language en')).toBe('{"')
    expect(await first('--language en', { CASEBOOK_OUTPUT: 'table' })).toBe('{"')
    expect(await first('--language en', { CASEBOOK_OUTPUT: 'csv' })).toBe('id')
    expect(await first('--json', { CASEBOOK_OUTPUT: 'csv' })).toBe('[\n')
    expect((await list('--out books.csv', { CASEBOOK_OUTPUT: 'json' })).code).toBe(0)
    expect(readFileSync(join(folder, 'books.csv'), 'utf8').slice(0, 3)).toBe('id,')
  })

  test.each([
    ['--output table', 'and no table'],
    ['--out books.pdf', 'books.pdf does not tell what the file is to be'],
    ['--json --out books.ndjson', 'books.ndjson would hold json, and is named as ndjson'],
  ])('is refused: %s', async (args, why) => {
    const { code, out, err } = await list(args)
    expect([code, out, err]).toEqual([2, '', expect.stringContaining(why)])
  })
})

test('a reader that has seen enough ends a list quietly', async () => {
  const whole = await casebook('admin', ['records', 'list', '--output', 'ndjson'])
  expect(whole.out.length, 'more than a pipe holds').toBeGreaterThan(70_000)
  const line = `set -o pipefail; "${process.execPath}" "${main}" records list --output ndjson | head -1`
  const { stdout, stderr } = await run('bash', ['--norc', '-c', line], {
    env: { PATH: process.env['PATH'], ...envOf('admin') },
  })
  expect([stdout.split('\n'), stderr]).toEqual([[expect.stringMatching(/^\{.*\}$/), ''], ''])
})
