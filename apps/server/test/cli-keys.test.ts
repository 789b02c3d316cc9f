import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCasebook, type Ran } from './run-casebook.ts'
import { startTestServer, type Role, type TestServer } from './start-test-server.ts'

let server: TestServer
let folder: string
beforeAll(async () => {
  server = await startTestServer()
  folder = mkdtempSync(join(tmpdir(), 'casebook-keys-'))
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const at = () => ({ CASEBOOK_URL: server.url, CASEBOOK_CONFIG_DIR: join(folder, 'config') })
const casebook = (args: string, as?: Role, input?: string): Promise<Ran> =>
  runCasebook(args.split(' '), {
    env: { ...at(), ...(as === undefined ? {} : { CASEBOOK_TOKEN: server.tokenOf(as) }) },
    ...(input === undefined ? {} : { input }),
  })

describe('API keys', () => {
  test('are made once shown, used as CASEBOOK_TOKEN, listed and revoked', async () => {
    const made = await runCasebook(['keys', 'create', 'nightly export', '--domains', 'books'], {
      env: { ...at(), CASEBOOK_TOKEN: server.tokenOf('clinician') },
    })
    expect(made, made.err).toMatchObject({ code: 0, out: expect.stringMatching(/^casebook_\w{49}\n$/) })
    expect(made.err).toContain('«nightly export» is shown (access read, books, until ')
    const key = made.out.trim()
    const id = /keys revoke (key_\w+)/.exec(made.err)?.[1] ?? ''
    expect(made.err).not.toContain(key)
    const withKey = (args: string) => runCasebook(args.split(' '), { env: { ...at(), CASEBOOK_TOKEN: key } })
    expect((await withKey('books list --limit 1 --json')).code).toBe(0)
    expect((await withKey('whoami --json')).json).toMatchObject({ username: 'clinician' })
    const refused = await withKey('records list')
    expect([refused.code, refused.err]).toEqual([
      4,
      expect.stringContaining('This needs an API key for records; yours is for books.'),
    ])
    expect((await withKey('keys list')).err).toMatch(/^Error: API keys may not do this\nHint: Log in,/)

    const listed = await casebook('keys list --json', 'clinician')
    expect(listed.json).toMatchObject([{ id, name: 'nightly export', lastUsedAt: expect.any(String) }])
    expect(listed.out).not.toContain(key)
    expect(await casebook(`keys revoke ${id} --yes`, 'clinician')).toMatchObject({ code: 0, out: '' })
    expect((await withKey('books list --limit 1')).code).toBe(4)
    expect((await casebook(`keys revoke ${id} --yes`, 'clinician')).code).toBe(5)
  })

  test('are bounded by what the flags say', async () => {
    const made = await casebook('keys create all --access full --days 7 --json', 'author')
    expect(made.json).toMatchObject({ access: 'full', domains: null, key: expect.any(String) })
    const odd = await casebook('keys create odd --days soon', 'author')
    expect([odd.code, odd.err]).toEqual([
      2,
      expect.stringContaining('Error: --days must be a whole number, not «soon».\n'),
    ])
    expect((await casebook('keys create odd --domains moon', 'author')).err).toMatch(
      /^Error: --domains: must be one of auth, /,
    )
  })

  test('are forgotten by a logout, which they cannot end', async () => {
    const { out } = await casebook('keys create kept', 'author')
    const login = await casebook('login --token-stdin --profile scripted', undefined, out)
    expect(login.code, login.err).toBe(0)
    expect((await casebook('logout --profile scripted')).code).toBe(0)
    expect((await casebook('whoami --profile scripted')).code).toBe(4)
  })

  test('that are no longer good do not stand in the way of a login', async () => {
    const done = await runCasebook(['login', 'author', '--password-stdin'], {
      env: { ...at(), CASEBOOK_TOKEN: 'casebook_no-longer-good' },
      input: 'author-of-casebook\n',
    })
    expect(done.code, done.err).toBe(0)
  })
})
