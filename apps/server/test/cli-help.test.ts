import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { commandSpecs } from 'casebook/contract'
import { buildProgram } from 'casebook/program'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from './start-test-server.ts'

const run = promisify(execFile)
const main = join(import.meta.dirname, '../../cli/src/main.js')

type Command = ReturnType<typeof buildProgram>
const commandsOf = (command: Command): Command[] => [command, ...command.commands.flatMap(commandsOf)]
/** Commands that do something, and not only hold others. */
const commands = commandsOf(buildProgram()).filter(({ commands: inner }) => inner.length === 0)

/** The examples that help shows. */
function examplesOf(command: Command): string[] {
  let help = ''
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp()
  return help.split('Examples:\n')[1]?.trim().split(/\n\s*/) ?? []
}

/** Those of commands that are written by hand; cli-contract.test.ts runs the others. */
const examples = commands
  .flatMap(examplesOf)
  .filter((line) => !commandSpecs.some((spec) => spec.example === line))

/** Rows that the examples import; each names its own columns. */
const tables = {
  books: 'externalId,title\nb-1,On Fevers\n',
  patients: 'externalId,givenName,familyName,birthDate,sex\np-1,Ada,Byron,1815-12-10,female\n',
  records: 'externalId,patient,date,kind,title\nr-1,p-1,2024-05-17,note,Seen\n',
}

/** Changes that the examples make to objects of the sample. */
const changes = {
  books: 'id,title\nbook_01jd3xq5e0f2q8n4v6z8a1b3d2,On Nursing\n',
  patients: 'id,familyName\npat_01jd3xq5e0f2q8n4v6z8a1b3e1,Lovelace\n',
  records: 'id,title\nrec_01jd3xq5e0f2q8n4v6z8a1b3e2,Seen again\n',
}
const planning = 'casebook patients update-many changes.csv --dry-run --out plan.ndjson'

describe('what help shows', () => {
  let server: TestServer
  let folder: string
  beforeAll(async () => {
    server = await startTestServer()
    folder = mkdtempSync(join(tmpdir(), 'casebook-help-'))
    writeFileSync(join(folder, 'password.txt'), 'clinician-of-casebook\n')
  })
  afterAll(async () => {
    await server[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  const shell = (line: string, token = server.tokenOf('admin')) =>
    run('bash', ['-c', `casebook() { "${process.execPath}" "${main}" "$@"; }; ${line}`], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        CASEBOOK_URL: server.url,
        CASEBOOK_CONFIG_DIR: join(folder, 'config'),
        CASEBOOK_STORE: 'file',
        ...(token === '' ? {} : { CASEBOOK_TOKEN: token }),
      },
    })

  test('has an example and a description for every command', () => {
    expect(commands.filter((command) => command.description() === '').map((one) => one.name())).toEqual([])
    expect(commands.filter((command) => examplesOf(command).length === 0).map((one) => one.name())).toEqual(
      [],
    )
  })

  test.each([
    ['casebook', 0, 'Usage: casebook', ''],
    ['casebook books', 0, 'Usage: casebook books', ''],
    ['casebook books list --help', 0, 'Usage: casebook books list', ''],
    ['casebook boks', 2, '', 'Did you mean books?'],
    ['casebook books --json', 2, '', 'Usage: casebook books'],
    ['casebook books creat --help', 2, '', "unknown command 'creat'"],
    ['casebook books list --limt 5', 2, '', 'Did you mean --limit?'],
  ])('«%s» ends with %i', async (...[line, code, out, err]) => {
    const done = await shell(line).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (failure: { code: number; stdout: string; stderr: string }) => failure,
    )
    expect(done).toMatchObject({ code })
    expect(done.stdout.startsWith(out) && (out !== '' || done.stdout === '')).toBe(true)
    expect(done.stderr).toContain(err)
  })

  test.each([
    ['--help', []],
    ['books --help', ['commander']],
  ])('loads nothing but what it shows: %s', async (args, wanted) => {
    const hook = `import { registerHooks } from 'node:module'
      registerHooks({ load(url, context, next) { process.stderr.write(url + '\\n'); return next(url, context) } })`
    const watched = `data:text/javascript,${encodeURIComponent(hook)}`
    const { stderr } = await run(process.execPath, ['--import', watched, main, ...args.split(' ')])
    const packages = [...stderr.matchAll(/.*node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\//g)].map(
      ([, name]) => name,
    )
    expect([...new Set(packages)].toSorted()).toEqual(wanted)
    expect(stderr).not.toContain('/packages/')
  })

  // A login without a password given asks for it, which needs a terminal.
  test.each(examples.filter((line) => line !== 'casebook login clinician'))('«%s» works', async (line) => {
    const resource = /^casebook (books|records|patients) import/.exec(line)?.[1] as
      | keyof typeof tables
      | undefined
    if (resource !== undefined) {
      writeFileSync(join(folder, 'rows.csv'), tables[resource])
      await shell(
        `casebook patients import <(printf '${tables.patients.replaceAll('\n', '\\n')}') --format csv --source archive`,
      )
      await shell(`casebook ${resource} export > ${resource}.ndjson`)
    }
    const changed = /^casebook (books|records|patients) update-many/.exec(line)?.[1] as
      | keyof typeof changes
      | undefined
    writeFileSync(join(folder, 'changes.csv'), changes[changed ?? 'patients'])
    rmSync(join(folder, 'plan.ndjson'), { force: true })
    if (line.startsWith('casebook apply')) await shell(planning)
    const isLogin = /^casebook (login|logout)/.test(line)
    const done = await shell(line, isLogin ? '' : undefined)
    expect(done.stderr).not.toContain('Error')
  })
})
