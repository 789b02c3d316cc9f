import { errorCatalogue, type ErrorReason } from '@casebook/api/errors'
import { CasebookError } from '@casebook/client'
import { afterEach, expect, test, vi } from 'vitest'
import { buildProgram } from '../src/program.ts'
import { report } from '../src/report.ts'

const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
afterEach(() => written.mockClear())
const said = () => written.mock.calls.map(([text]) => String(text)).join('')

const failedAs = (reason: ErrorReason) => {
  const { code, status, title } = errorCatalogue[reason]
  const type = `http://127.0.0.1:3000/problems/${reason}`
  return new CasebookError({ code, reason, message: title, status, type, requestId: 'req-1' })
}
const running = (args: string) => ({ words: 'books get', args: args.split(' '), profile: 'default' })
const reasons = Object.keys(errorCatalogue) as ErrorReason[]

/** Whether words begin with a command that there is. */
function isCommand(words: readonly string[]): boolean {
  let at = buildProgram()
  for (const word of words) {
    const next = at.commands.find((one) => one.name() === word)
    if (next === undefined) break
    at = next
  }
  return at.name() !== 'casebook' && at.commands.length === 0
}

test.each(reasons)('%s ends as the catalogue says, with the request and what helps', (reason) => {
  const code = report(failedAs(reason), running('books get x'))
  expect(code).toBe(errorCatalogue[reason].exit)
  expect(code).not.toBe(0)
  expect(said()).toMatch(/^Error: .+\nHint: .+\nRequest id: req-1\n$/)
  expect(said()).not.toMatch(/POST \/|^\s+at /m)
  for (const [, command = ''] of said().matchAll(/casebook ((?!--)[a-z][a-z -]+)/g))
    expect(isCommand(command.trim().split(' ')), command).toBe(true)
})

test.each(reasons)('%s is with --json one problem', (reason) => {
  report(failedAs(reason), running('books get x --json'))
  const { code, status, exit, title } = errorCatalogue[reason]
  const problem = { type: expect.stringContaining(reason), title, reason, status, code, exitCode: exit }
  expect(JSON.parse(said())).toMatchObject({ ...problem, requestId: 'req-1', hint: expect.any(String) })
})

test('what was typed wrong is named as it was typed, and ends as usage', () => {
  const message = 'must be at least 1'
  const wrong = (words: string, args: string, ...paths: string[]) => {
    const errors = paths.map((path) => ({ path, message }))
    const detail = errors.length === 1 ? `${paths[0]}: ${message}` : 'The input is invalid'
    const error = new CasebookError({ code: 'BAD_REQUEST', reason: 'invalid-input', message: detail, errors })
    written.mockClear()
    expect(report(error, { words, args: args.split(' '), profile: undefined })).toBe(2)
    return said()
  }
  expect(wrong('records list', '--limit 0', 'limit')).toMatch(/^Error: --limit: must be at least 1\n/)
  expect(wrong('records list', '--patient=x', 'patientId')).toMatch(/^Error: --patient: /)
  expect(wrong('books update', 'x --subjects y', 'id', 'subjects.0')).toContain(
    `\n  <id>: ${message}\n  --subjects: ${message}\n`,
  )
  expect(wrong('records list', '--month 5', 'year')).toMatch(/^Error: --year: /)
  expect(wrong('books create', '--contributors []', 'contributors.0.authorId')).toMatch(
    /^Error: --contributors: 0.authorId must be at least 1\n/,
  )
  // By hand there is no table of flags; what a file says keeps the name that it has there.
  expect(wrong('audit list', '--actor-id x', 'actorId')).toMatch(/^Error: --actor-id: /)
  expect(wrong('books create', '--input book.json', 'publishedOn')).toMatch(/^Error: publishedOn: /)
  const problem = JSON.parse(wrong('records list', '--limit 0 --json', 'limit')) as object
  expect(problem).toMatchObject({ detail: `--limit: ${message}`, errors: [{ path: 'limit', message }] })
})

test('many wrong values are counted, and each said once', () => {
  const errors = ['title', 'subtitle'].map((path) => ({ path, message: 'must have at most 1000 characters' }))
  const message = 'title: must have at most 1000 characters (and 1 more)'
  const error = new CasebookError({ code: 'BAD_REQUEST', reason: 'invalid-input', message, errors })
  report(error, { words: 'books create', args: ['--title', 'x'], profile: undefined })
  expect(said().split('\n').slice(0, 3)).toEqual([
    'Error: 2 values are refused.',
    '  --title: must have at most 1000 characters',
    '  --subtitle: must have at most 1000 characters',
  ])
})

test('what helps names the id that was typed', () => {
  const id = 'book_01jd3xq5e0f2q8n4v6z8a1b3d2'
  report(failedAs('stale'), { words: 'books update', args: ['books', 'update', id], profile: undefined })
  expect(said()).toContain(`casebook books get ${id}\n`)
})

test.each([
  ['books get x --profile mine', '--profile mine'],
  ['books get x --profile=mine --url http://a.example', '--profile mine --url http://a.example'],
])('what helps after «%s» is for the same server', (args, typed) => {
  report(failedAs('wrong-credentials'), running(args))
  expect(said()).toContain(
    `Hint: casebook ${typed} login asks again; casebook ${typed} auth password request-reset sends`,
  )
})

test('a server that is away is named, with the profile and why', () => {
  const cause = new Error('connect ECONNREFUSED 127.0.0.1:3000')
  const message = 'http://127.0.0.1:3000 cannot be reached.'
  const error = new CasebookError({ code: 'UNREACHABLE', reason: 'unreachable', message, cause })
  expect(report(error, running('books list'))).toBe(8)
  expect(said()).toContain(
    'Error: http://127.0.0.1:3000 cannot be reached (profile default).\nWhy: connect ECONNREFUSED',
  )
})

test('a stack is shown with --debug alone', () => {
  expect(report(new Error('odd'), running('books list'))).toBe(1)
  expect(said()).toBe('Error: odd\nHint: --debug shows where\n')
  written.mockClear()
  report(new Error('odd'), running('books list --debug'))
  expect(said()).toContain('    at ')
})
