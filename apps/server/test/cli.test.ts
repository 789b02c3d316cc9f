import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { idOf } from '@casebook/api'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codeOf, createClock, enroll } from './authenticator.ts'
import { runCasebook, type Ran } from './run-casebook.ts'
import { startTestServer, type Role, type TestServer } from './start-test-server.ts'

const clock = createClock()
let server: TestServer
let folder: string
beforeAll(async () => {
  server = await startTestServer({ now: clock.now })
  folder = mkdtempSync(join(tmpdir(), 'casebook-cli-'))
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const file = (name: string) => join(folder, name)
const at = () => ({ CASEBOOK_URL: server.url, CASEBOOK_CONFIG_DIR: file('config') })
const casebook = (args: string, as?: Role, input?: string): Promise<Ran> =>
  runCasebook(args.split(' '), {
    env: { ...at(), ...(as === undefined ? {} : { CASEBOOK_TOKEN: server.tokenOf(as) }) },
    cwd: folder,
    ...(input === undefined ? {} : { input }),
  })

describe('what would be lost or hidden', () => {
  test.each([
    [
      'no UTF-8',
      Buffer.from('externalId,title\na,Fine\nb,Caf\u00e9\n', 'latin1'),
      'no UTF-8, from line 3 on',
    ],
    ['other separators', Buffer.from('externalId;title\na;b\n'), 'its separator is not the comma'],
  ])('a file with %s is refused whole', async (_what, content, sentence) => {
    writeFileSync(file('odd.csv'), content)
    const done = await casebook('books import odd.csv --source odd', 'editor')
    expect([done.code, done.out]).toEqual([2, ''])
    expect(done.err).toContain(sentence)
    const { json } = await casebook('books list --status draft --q Caf --json', 'editor')
    expect(json).toEqual([])
  })

  test('an export is of the form that its file is called by, for its owner alone, and replaces nothing unasked', async () => {
    const first = await casebook('records export --year 2024 --out r.csv', 'clinician')
    expect([first.code, first.err]).toMatchObject([0, expect.stringMatching(/^Wrote \d+ records to r.csv/)])
    expect(readFileSync(file('r.csv'), 'utf8')).toMatch(/^id,patientId,date,/)
    expect(statSync(file('r.csv')).mode & 0o777).toBe(0o600)
    const again = await casebook('records export --out r.csv', 'clinician')
    expect([again.code, again.err]).toEqual([
      2,
      'Error: r.csv is there already.\nHint: --force replaces it\n',
    ])
    expect((await casebook('records export --out r.csv --force', 'clinician')).code).toBe(0)
    const nowhere = await casebook('records export --out nowhere/r.csv', 'clinician')
    expect([nowhere.code, nowhere.err]).toEqual([
      2,
      expect.stringContaining('Error: There is no folder for nowhere/r.csv.\n'),
    ])
    expect((await casebook('records export -o table', 'clinician')).code).toBe(2)
  })

  test('an invalid filter is told once, with where to look', async () => {
    const { code, err } = await casebook('records list --month 5', 'clinician')
    expect(code).toBe(2)
    expect(err).toMatch(
      /^Error: --year: is needed with month\nHint: casebook records list --help .*\nRequest id: /,
    )
  })

  test('a rejected row says what its field must be', async () => {
    writeFileSync(file('bad.csv'), 'externalId,title,language\na,,?\n')
    await casebook('books import bad.csv --source odd', 'editor')
    expect(readFileSync(file('bad.rejects.csv'), 'utf8')).toContain(
      'title is missing; language must be a language tag such as en or pt-BR',
    )
  })
})

describe('a login', () => {
  test('is kept for its owner alone, says who it is, and ends on the server', async () => {
    const out = await casebook('whoami')
    expect([out.code, out.err]).toEqual([4, expect.stringContaining('Hint: casebook login')])
    const login = await casebook('login editor --password-stdin', undefined, 'editor-of-casebook\n')
    expect(login, login.err).toMatchObject({
      code: 0,
      out: `Logged in at ${server.url} as editor (editor).\n`,
    })
    const kept = file('config/credentials.json')
    expect(statSync(kept).mode & 0o777).toBe(0o600)
    expect(statSync(file('config')).mode & 0o777).toBe(0o700)
    expect((await casebook('whoami --json')).json).toMatchObject({
      username: 'editor',
      role: 'editor',
      url: server.url,
      profile: 'default',
      tokenSource: 'file',
      expiresAt: expect.any(String),
    })
    const { token } = Object.values(
      JSON.parse(readFileSync(kept, 'utf8')) as Record<string, { token: string }>,
    )[0] ?? {
      token: '',
    }
    expect((await casebook('logout')).code).toBe(0)
    expect((await casebook('whoami')).code).toBe(4)
    const headers = { authorization: `Bearer ${token}` }
    expect((await server.request('GET', '/api/user/me', { headers })).status).toBe(401)
  })

  test('with a wrong password is exit 4, without a terminal it never asks', async () => {
    const wrong = await casebook('login editor --password-stdin', undefined, 'no')
    expect([wrong.code, wrong.out]).toEqual([4, ''])
    const asked = await casebook('login editor')
    expect([asked.code, asked.err]).toEqual([2, expect.stringContaining('--password-stdin')])
  })

  test('with a second factor takes the code on a second line, and says so when it is missing', async () => {
    const { username, password, secret } = await enroll(server, clock, 'factored')
    const command = `login ${username} --password-stdin --profile factored`
    const without = await casebook(command, undefined, `${password}\n`)
    expect([without.code, without.err]).toEqual([4, expect.stringContaining('it is the second line')])
    const done = await casebook(command, undefined, `${password}\n${codeOf(secret, clock)}\n`)
    expect(done, done.err).toMatchObject({ code: 0, out: expect.stringContaining('Logged in') })
    const used = await casebook(command, undefined, `${password}\n${codeOf(secret, clock)}\n`)
    expect([used.code, used.out]).toEqual([4, ''])
  })

  test('by token works without a password', async () => {
    const done = await casebook(
      'login --token-stdin --profile other',
      undefined,
      `${server.tokenOf('reader')}\n`,
    )
    expect(done, done.err).toMatchObject({ code: 0 })
    expect((await casebook('whoami --json --profile other')).json).toMatchObject({ username: 'reader' })
  })
})

describe('lists', () => {
  test('in every form say the same as the client', async () => {
    const { items } = await server.client().books.list.query({ limit: 5 })
    const json = await casebook('books list --limit 5 --json')
    expect([json.code, json.err, json.json]).toEqual([0, '', items])
    const ndjson = await casebook('books list --limit 5 --output ndjson')
    expect(
      ndjson.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(items)
    const csv = await casebook('books list --limit 5 --output csv')
    expect(csv.out.split('\r\n')).toHaveLength(7)
    const table = await casebook('books list --limit 5')
    expect(table.out.split('\n')).toHaveLength(7)
    expect(table.out).not.toContain('\u001B')
  })

  test('an empty one is [], and no failure', async () => {
    const { code, out } = await casebook('books list --q zzzzzz --json')
    expect([code, out]).toEqual([0, '[]\n'])
  })

  test('take the filters of the contract', async () => {
    const { json } = await casebook('records list --year 2024 --json', 'clinician')
    const { items } = await server.client('clinician').records.list.query({ year: 2024, limit: 1000 })
    expect(items).not.toEqual([])
    expect(json).toEqual(items)
  })
})

describe('the audit trail', () => {
  test('is listed by who, patient, action and day, and exported whole', async () => {
    const patient = server.fill('{patient}')
    await server.client('clinician').records.patients.get.query({ id: patient })
    const listed = await casebook(
      `audit list --who clinician --patient ${patient} --action records.patients.get --json`,
      'admin',
    )
    expect(listed.json).toMatchObject([
      { action: 'records.patients.get', patientId: patient, actor: { username: 'clinician' } },
    ])
    expect((await casebook('audit list --to 2020-01-01 --json', 'admin')).json).toEqual([])
    expect((await casebook('audit list --limit 2 --json', 'admin')).json).toHaveLength(2)
    const unknown = await casebook('audit list --who nobody-of-this-name', 'admin')
    expect([unknown.code, unknown.err]).toMatchObject([
      5,
      expect.stringContaining('no account called «nobody-of-this-name»'),
    ])

    const { out } = await casebook('audit export', 'admin')
    const entries = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; action: string })
    expect(entries[0]?.action).toBe('audit.stream')
    expect(entries.map(({ id }) => id)).toEqual(
      entries
        .map(({ id }) => id)
        .toSorted()
        .toReversed(),
    )
    const csv = await casebook('audit export --outcome allowed --out trail.csv', 'admin')
    expect(csv.err).toMatch(/^Wrote \d+ audit entries to trail.csv/)
    expect(readFileSync(file('trail.csv'), 'utf8')).toMatch(/^id,at,actor,action,outcome,/)
    expect((await casebook('audit export', 'clinician')).code).toBe(4)
  })

  test('is checked, and said to be broken where it is', async () => {
    await server.sealer.seal()
    const whole = await casebook('audit verify --json', 'admin')
    expect([whole.code, whole.json]).toMatchObject([0, { ok: true, problems: [] }])
    const { head } = whole.json as { head: string }
    expect((await casebook(`audit verify --head ${head}`, 'admin')).code).toBe(0)
    const other = await casebook(`audit verify --head ${'0'.repeat(64)}`, 'admin')
    expect([other.code, other.err]).toMatchObject([1, expect.stringContaining('cut-tail')])
    expect((await casebook('audit verify --head x', 'admin')).err).toContain('64 hexadecimal digits')

    const { kysely } = server.database
    await sql`alter table audit_entry disable trigger append_only`.execute(kysely)
    const edited = sql<{ id: string }>`
      update audit_entry set action = 'nothing' where id = (select entry_id from audit_seal where seq = 2) returning id`
    const { rows } = await edited.execute(kysely)
    const broken = await casebook('audit verify', 'admin')
    expect(broken.code).toBe(1)
    expect(broken.err).toContain(
      `edited: The entry of link 2 was changed. (${idOf('audit', rows[0]?.id ?? '')})`,
    )
  })
})

describe('failures', () => {
  test.each([
    ['books get nothing', 5, undefined],
    ['records list', 4, 'editor'],
    ['records list', 4, undefined],
    ['records list --month 5', 2, 'clinician'],
    ['books list --limit none', 2, undefined],
    ['books lst', 2, undefined],
    ['books list --lmit 5', 2, undefined],
    ['books list --output xml', 2, undefined],
    ['books list --url http://127.0.0.1:9', 8, undefined],
    ['books import nowhere.csv', 2, 'editor'],
  ] as const)('%s ends with %d', async (args, code, as) => {
    const ran = await casebook(args, as)
    expect([ran.code, ran.out], ran.err).toEqual([code, ''])
    expect(ran.err).not.toMatch(/^\s+at /m)
  })

  test('say what is wrong, what helps, and the request', async () => {
    const { err } = await casebook('books get nothing')
    expect(err).toMatch(/^Error: .+\nHint: .*casebook books list\nRequest id: [\w-]{36}\n$/)
    const typo = await casebook('books lst')
    expect(typo.err).toContain('Did you mean list?')
  })

  test('with --json are one problem on standard error', async () => {
    const { err } = await casebook('books get nothing --json')
    expect(JSON.parse(err)).toMatchObject({ status: 404, code: 'NOT_FOUND', requestId: expect.any(String) })
  })
})

describe('imports', () => {
  test('what was exported goes in again as it was, elsewhere', async () => {
    const exported = await casebook('patients export', 'clinician')
    const records = await casebook('records export', 'clinician')
    writeFileSync(file('patients.ndjson'), exported.out)
    writeFileSync(file('records.ndjson'), records.out)
    await using other = await startTestServer()
    const env = { ...at(), CASEBOOK_URL: other.url, CASEBOOK_TOKEN: other.tokenOf('clinician') }
    const bring = (args: string) =>
      runCasebook([...args.split(' '), '--json', '--source', 'elsewhere'], { env, cwd: folder })
    const before = (await other.request('GET', '/records', { as: 'clinician' })).json as unknown[]
    const lines = records.out.trim().split('\n').length
    // Each sample has the patient and the record of the examples; other patients of samples share their numbers.
    const patients = exported.out
      .trim()
      .split('\n')
      .map((line) => JSON.stringify({ ...(JSON.parse(line) as object), mrn: undefined }))
    writeFileSync(file('patients.ndjson'), `${patients.join('\n')}\n`)
    expect((await bring('patients import patients.ndjson')).json).toMatchObject({
      created: patients.length - 1,
      exists: 1,
      rejected: 0,
    })
    const done = await bring('records import records.ndjson')
    expect(done, done.err).toMatchObject({ code: 0, json: { created: lines - 1, exists: 1, rejected: 0 } })
    expect((await bring('records import records.ndjson')).json).toMatchObject({ created: 0, exists: lines })
    const after = (await other.request('GET', '/records', { as: 'clinician' })).json as unknown[]
    expect(after).toHaveLength(before.length + lines - 1)
  })

  test('what was exported is known when it comes back', async () => {
    const exported = await casebook('books export', 'editor')
    const count = exported.out.trim().split('\n').length
    expect(
      (await casebook('books import - --format ndjson --json', 'editor', exported.out)).json,
    ).toMatchObject({
      created: 0,
      exists: count,
    })
  })

  test('a row that is refused is in a file with line, column and reason, which can be mended and fed back', async () => {
    writeFileSync(
      file('foreign.csv'),
      'nr,name,number\n1,Good,9780140449136\n2,"Two\nlines",978-0-14-044913-0\n3,Surplus,,more\n4,,\n',
    )
    const args =
      'books import foreign.csv --source shop --map externalId=nr --map title=name:first-line --map isbn13=number'
    const done = await casebook(`${args} --json`, 'editor')
    expect(done.code).toBe(7)
    expect(done.json).toMatchObject({ read: 4, created: 1, rejected: 3, rejectsFile: 'foreign.rejects.csv' })
    const [header, ...rows] = readFileSync(file('foreign.rejects.csv'), 'utf8').split('\r\n')
    expect(header).toBe('line,column,reason,nr,name,number')
    expect(rows[0]).toMatch(/^3,number,isbn13 /)
    writeFileSync(file('mended.csv'), 'nr,name,number\n2,Two lines,9780141439518\n3,Surplus,\n4,Named,\n')
    expect((await casebook(`${args.replace('foreign', 'mended')} --json`, 'editor')).json).toMatchObject({
      created: 3,
      rejected: 0,
    })
  })

  test('from standard input, as a dry run, changes nothing', async () => {
    const rows = '{"externalId":"1","title":"Only tried"}\n'
    const args = 'books import - --format ndjson --source dry --dry-run --json'
    expect((await casebook(args, 'editor', rows)).json).toMatchObject({ dryRun: true, created: 1 })
    const { items } = await server.client('editor').books.list.query({ q: 'Only tried', status: 'draft' })
    expect(items).toEqual([])
  })

  test.each([2000, 9000])('a thousand rows with notes of %i letters fit in', async (letters) => {
    const patient =
      '{"externalId":"long","givenName":"A","familyName":"B","birthDate":"1990-01-01","sex":"unknown"}'
    await casebook('patients import - --format ndjson --source long', 'clinician', patient)
    const rows = Array.from({ length: 1000 }, (_, nr) => {
      const row = { externalId: `${letters}-${nr}`, patient: 'long', date: '2024-02-29', kind: 'note' }
      return JSON.stringify({ ...row, title: 'Long', notes: 'é'.repeat(letters) })
    })
    const args = 'records import - --format ndjson --source long --dry-run --json'
    const done = await casebook(args, 'clinician', rows.join('\n'))
    expect(done.json, done.err).toMatchObject({ read: 1000, created: 1000 })
  })

  test('a column that is not there is said before anything is sent', async () => {
    writeFileSync(file('columns.csv'), 'nr,name\n1,Good\n')
    const { code, err } = await casebook(
      'books import columns.csv --map title=Name --map externalId=nr',
      'editor',
    )
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/^Error: The input has no column «Name»; it has «nr», «name».\nHint: /),
    ])
  })
})

test('a limit that is met says when to try again, and ends with 8', async () => {
  await using strict = await startTestServer({ limits: { loginsPerMinute: 1 } })
  const login = (args: string) =>
    runCasebook(`login reader --password-stdin${args}`.split(' '), {
      env: { CASEBOOK_URL: strict.url, CASEBOOK_CONFIG_DIR: file('limited') },
      input: 'wrong\n',
    })
  expect((await login('')).code).toBe(4)
  const { code, err } = await login('')
  expect([code, err]).toEqual([
    8,
    expect.stringMatching(
      /^Error: Too many failed logins with this user name .*: try again in \d+ seconds\.\nHint: try again in \d+ s, at \d\d:\d\d:\d\d\nRequest id: .*\n$/,
    ),
  ])
  const { retryAfterSeconds } = JSON.parse((await login(' --json')).err) as { retryAfterSeconds: number }
  expect(retryAfterSeconds).toBeGreaterThan(0)
})
