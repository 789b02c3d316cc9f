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
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import packageJson from '../package.json' with { type: 'json' }
import { runCasebook, type Ran } from './run-casebook.ts'
import { startTestServer, type Role, type TestServer } from './start-test-server.ts'

const { version } = packageJson
let server: TestServer
let folder: string
beforeAll(async () => {
  server = await startTestServer({ version })
  folder = mkdtempSync(join(tmpdir(), 'casebook-flows-'))
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

type Given = {
  readonly as?: Role
  readonly input?: string
  readonly env?: Record<string, string>
  readonly cwd?: string
}
const casebook = (args: string, { as, input = '', env = {}, cwd = folder }: Given = {}): Promise<Ran> =>
  runCasebook(args.split(' '), {
    env: {
      CASEBOOK_URL: server.url,
      CASEBOOK_CONFIG_DIR: join(folder, 'config'),
      ...(as === undefined ? {} : { CASEBOOK_TOKEN: server.tokenOf(as) }),
      ...env,
    },
    cwd,
    input,
  })
const nowhere = 'http://127.0.0.1:4'

/** Runs work while a server listens that answers nothing. */
async function withSilence<T>(work: (port: number) => Promise<T>): Promise<T> {
  const silent = createServer(() => undefined)
  await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve))
  try {
    return await work((silent.address() as { port: number }).port)
  } finally {
    silent.close()
  }
}

describe('a token', () => {
  test('of the environment goes before a login, and that is said', async () => {
    const login = await casebook('login reader --password-stdin', { input: 'reader-of-casebook\n' })
    expect([login.code, login.err]).toEqual([
      0,
      expect.stringContaining('credentials.json, readable by you alone'),
    ])
    const own = await casebook('auth email show --json')
    expect([own.json, own.err]).toMatchObject([{ email: 'reader@casebook.example' }, ''])
    const other = await casebook('auth email show --json', { as: 'editor' })
    expect(other.json).toMatchObject({ email: 'editor@casebook.example' })
    expect(other.err).toBe('Note: CASEBOOK_TOKEN is used, and not the login of reader (profile default).\n')
    expect((await casebook('whoami --json', { as: 'editor' })).json).toMatchObject({
      username: 'editor',
      role: 'editor',
      url: server.url,
      profile: 'default',
      tokenSource: 'CASEBOOK_TOKEN',
      expiresAt: expect.stringMatching(/^\d{4}-/),
    })
  })

  test('is not kept in a file that nobody has chosen, and nobody is logged in then', async () => {
    const env = { CASEBOOK_STORE: '', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' }
    const { code, out, err } = await casebook('login author --password-stdin', {
      input: 'author-of-casebook\n',
      env,
    })
    expect([code, out, err]).toEqual([2, '', expect.stringContaining('--store file')])
    const { items } = await server.client('author').auth.sessions.list.query({ limit: 1000 })
    expect(items).toHaveLength(1)
  })

  test('is not sent to a server that a project names, unless somebody says so', async () => {
    const cwd = join(folder, 'project/deep')
    mkdirSync(cwd, { recursive: true })
    writeFileSync(join(folder, 'project/casebook.json'), JSON.stringify({ url: server.url }))
    const env = { CASEBOOK_URL: '' }
    const refused = await casebook('auth email show', { as: 'reader', cwd, env })
    expect([refused.code, refused.err]).toEqual([
      2,
      expect.stringContaining(`Hint: CASEBOOK_URL=${server.url}`),
    ])
    expect((await casebook('auth email show', { as: 'reader', cwd })).code).toBe(0)
    const { json } = await casebook('config list --show-origin --json', { cwd, env })
    expect(json).toContainEqual({
      setting: 'url',
      value: server.url,
      origin: join(folder, 'project/casebook.json'),
    })
  })
})

describe('settings', () => {
  test('are kept for a profile, read by every command, and not written by --dry-run', async () => {
    const set = 'config set output json --profile scripts'
    expect((await casebook(`${set} --dry-run`)).err).toContain(
      'Would set output to «json» for profile scripts',
    )
    expect((await casebook('config get output --profile scripts')).out).toBe('table\n')
    expect((await casebook(set)).code).toBe(0)
    expect((await casebook('books list --limit 1 --profile scripts')).json).toHaveLength(1)
    const odd = await casebook('config set output xml')
    expect([odd.code, odd.err]).toEqual([2, expect.stringContaining('no output «xml» (config set)')])
    expect((await casebook('config set url 127.0.0.1:3300')).err).toContain(
      'Give one such as http://127.0.0.1:3300\n',
    )
    expect((await casebook('config unset output --profile scripts')).code).toBe(0)
    expect((await casebook('config get output --profile scripts')).out).toBe('table\n')
  })

  test('tell which profiles there are, and say when one is nobody’s so far', async () => {
    await casebook('config set url http://other.example --profile other')
    const listed = await casebook('config profiles --json')
    expect(listed.json).toEqual([
      { profile: 'default', inUse: true, url: null, logins: [`reader at ${server.url}`] },
      { profile: 'other', inUse: false, url: 'http://other.example', logins: [] },
    ])
    expect((await casebook('config set profile othr')).err).toContain('othr has neither settings nor a login')
    expect((await casebook('config unset profile')).code).toBe(0)
    expect((await casebook('config get profile')).out).toBe('default\n')
  })
})

describe('the version', () => {
  test('is the one of the package; as JSON with the server’s, and whether both fit', async () => {
    expect((await casebook('--version')).out).toBe(`${version}\n`)
    expect((await casebook('--version --json')).json).toEqual({
      version,
      contract: version,
      server: { url: server.url, reachable: true, version, fits: true },
    })
    const away = await casebook(`--version --json --url ${nowhere}`)
    expect(away).toMatchObject({ code: 0, json: { version, server: { url: nowhere, reachable: false } } })
  })
})

describe('the doctor', () => {
  test('is content with a server, a login and a file for its owner alone', async () => {
    const done = await casebook('doctor --json')
    expect(done, done.err).toMatchObject({ code: 0, err: '' })
    const checks = done.json as { check: string; ok: boolean }[]
    expect(checks.map(({ check, ok }) => `${check} ${ok}`)).toEqual([
      'server true',
      'database true',
      'contract true',
      'clock true',
      'credentials true',
      'files true',
      'keyring true',
    ])
  })

  test('says what is not well, and what to do', async () => {
    const kept = join(folder, 'config/credentials.json')
    chmodSync(kept, 0o644)
    const open = await casebook('doctor')
    expect([open.code, open.err]).toEqual([1, expect.stringContaining(`Hint: chmod go= ${kept}`)])
    chmodSync(kept, 0o600)
    const away = await casebook(`doctor --url ${nowhere} --json`)
    expect([away.code, away.json]).toMatchObject([8, [{ check: 'server', ok: false }, {}, {}, {}]])
    const stranger = await casebook('doctor', { env: { CASEBOOK_TOKEN: 'no-longer-good' } })
    expect([stranger.code, stranger.err]).toEqual([
      4,
      expect.stringContaining('CASEBOOK_TOKEN is set, and is not or no longer good'),
    ])
  })
})

test.each(['http', 'https'])(
  'a server that answers nothing over %s is named within five seconds',
  async (protocol) => {
    await withSilence(async (port) => {
      const began = performance.now()
      const done = await casebook(`books list --url ${protocol}://127.0.0.1:${port}`)
      expect(performance.now() - began).toBeLessThan(5000)
      expect([done.code, done.out]).toEqual([8, ''])
      expect(done.err).toContain(
        `Error: ${protocol}://127.0.0.1:${port} cannot be reached (profile default).\n`,
      )
    })
  },
)

test('a request is explained by what the trail knows of it, a reason by the catalogue', async () => {
  const refused = await casebook('records list', { as: 'editor' })
  const requestId = /Request id: (\S+)/.exec(refused.err)?.[1] ?? ''
  const { json } = await casebook(`explain ${requestId} --json`, { as: 'admin' })
  expect(json).toMatchObject({
    requestId,
    acts: [{ action: 'records.stream', outcome: 'refused', actor: { username: 'editor' } }],
    pages: [`${server.url}/problems/not-allowed`, `${server.url}/problems/key-out-of-scope`],
  })
  const nothing = await casebook('explain allowed', { as: 'reader' })
  expect([nothing.code, nothing.err]).toEqual([
    5,
    expect.stringContaining(
      'Error: There is no reason «allowed», nor a request of this id.\nHint: there are not-allowed, method-not-allowed\n',
    ),
  ])
  expect((await casebook('explain stale --json')).json).toMatchObject({ status: 412, exit: 6 })
})

test('a command there is not is one for help, too', async () => {
  const { code, out, err } = await casebook('help boks')
  expect([code, out, err]).toEqual([2, '', expect.stringContaining("'boks'. Did you mean books?")])
  expect(await casebook('help books')).toMatchObject({ code: 0, err: '' })
  expect((await casebook('help books list')).out).toMatch(/^Usage: casebook books list/)
})

test('a logout says what it has not ended', async () => {
  const { token } = await server.client('reader').auth.login.mutate({
    username: 'author',
    password: 'author-of-casebook',
  })
  const env = { CASEBOOK_TOKEN: token }
  const done = await casebook('logout', { env })
  expect([done.code, done.err]).toEqual([0, expect.stringContaining('unset it')])
  const again = await casebook('logout', { env })
  expect([again.code, again.out, again.err]).toEqual([4, '', expect.stringContaining('unset it')])
  const { out: key } = await casebook('keys create lasting', { as: 'author' })
  const ofKey = await casebook('logout', { env: { CASEBOOK_TOKEN: key.trim() } })
  expect([ofKey.code, ofKey.out, ofKey.err]).toEqual([
    4,
    '',
    expect.stringContaining('holds an API key, which has no session to end'),
  ])
})

test('a server that speaks no TLS is named as that', async () => {
  const done = await casebook(`books list --url ${server.url.replace('http:', 'https:')}`)
  expect([done.code, done.err]).toEqual([8, expect.stringContaining('Why: the server there speaks no TLS')])
})

describe('completion', () => {
  test.each([
    [['books', 'l'], 'list'],
    [['auth', 'totp', ''], 'renew-recovery-codes'],
    [['books', 'list', '--st'], '--status'],
    [['books', 'list', '--status', ''], 'withdrawn'],
  ])('of %j offers %s without a server', async (typed, offered) => {
    const { code, out } = await runCasebook(['complete', '--', ...typed], { env: { CASEBOOK_URL: nowhere } })
    expect([code, out.split('\n').map((line) => line.split('\t')[0])]).toEqual([
      0,
      expect.arrayContaining([offered]),
    ])
  })

  test('has a script for each shell', async () => {
    for (const shell of ['bash', 'zsh', 'fish', 'powershell'])
      expect((await casebook(`completion ${shell}`)).out.length).toBeGreaterThan(500)
  })

  // What a shell calls when the tabulator is pressed, without a terminal.
  const presses = {
    bash: `source ./casebook.bash; COMP_WORDS=(casebook books wi); COMP_CWORD=2; COMP_LINE='casebook books wi'; COMP_POINT=17
      _casebook_complete; echo "\${COMPREPLY[@]}"`,
    zsh: `compdef() { :; }; _describe() { print -l -- $completions; }; source ./casebook.zsh
      words=(casebook books wi); CURRENT=3; _casebook`,
    fish: `source ./casebook.fish; complete -C 'casebook books wi'`,
  }
  test('runs nothing of what is typed, and writes nothing where that points to', async () => {
    const home = mkdtempSync(join(folder, 'home-'))
    symlinkSync(join(import.meta.dirname, '../../cli/src/main.js'), join(home, 'casebook'))
    writeFileSync(join(home, 'casebook.bash'), (await casebook('completion bash')).out)
    writeFileSync(join(home, 'keep.txt'), 'precious')
    const press = (...words: string[]) =>
      promisify(execFile)(
        'bash',
        [
          '-c',
          'source ./casebook.bash; source ./casebook.bash; shift 0; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _casebook_complete; echo "${COMPREPLY[@]}"',
          'bash',
          ...words,
        ],
        {
          cwd: home,
          env: { PATH: `${home}:${dirname(process.execPath)}:${process.env['PATH']}`, HOME: home },
        },
      )
    const redirected = await press('casebook', 'books', 'export', '>', 'keep.txt', '--su')
    expect(redirected).toEqual({ stdout: '--subject\n', stderr: '' })
    expect(readFileSync(join(home, 'keep.txt'), 'utf8')).toBe('precious')
    await press('casebook', 'books', 'list', '--q', '$(touch', 'pwned)', '--su')
    await press('casebook', 'books', 'list', '--q', '"a', '; touch pwned;', '`touch pwned`', '--su')
    expect(existsSync(join(home, 'pwned'))).toBe(false)
    expect((await press('casebook', 'books', 'list', '--status', '=', 'd')).stdout).toBe('draft\n')
  })

  const here = Object.entries(presses).filter(([shell]) => existsSync(`/usr/bin/${shell}`))
  test.each(here)('works in %s', async (shell, press) => {
    const home = mkdtempSync(join(folder, 'home-'))
    symlinkSync(join(import.meta.dirname, '../../cli/src/main.js'), join(home, 'casebook'))
    writeFileSync(join(home, `casebook.${shell}`), (await casebook(`completion ${shell}`)).out)
    const { stdout } = await promisify(execFile)(shell, ['-c', press], {
      cwd: home,
      env: { PATH: `${home}:${dirname(process.execPath)}:${process.env['PATH']}`, HOME: home },
    })
    expect(stdout).toContain('withdraw')
    expect(stdout).not.toMatch(/^publish/m)
  })
})

test('the manual page names every command', async () => {
  const { out } = await casebook('man')
  expect(out).toMatch(/^\.TH CASEBOOK 1/)
  expect(out).toContain('.SS "casebook auth totp renew\\-recovery\\-codes"')
})
