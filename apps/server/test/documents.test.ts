import type { Book } from '@casebook/api/books'
import type { MedicalRecord } from '@casebook/api/records'
import { fillDocuments, lackDocuments, rebuildDocuments, verifyDocuments } from '@casebook/db'
import { testEngine } from '@casebook/db/testing'
import fc from 'fast-check'
import { tmpdir } from 'node:os'
import { sql } from 'kysely'
import { afterAll, describe, expect, test } from 'vitest'
import { createServers } from './run-server.ts'
import { startTestServer, type TestServer } from './start-test-server.ts'

/** What JSON escapes, what UTF-16 needs two units for, and plain text; nothing that a title refuses. */
const line = fc
  .array(fc.constantFrom('"', '\\', '/', 'é', '𝄞', '\u2028', '<', 'a', 'Z', "'", '{', ' '), {
    minLength: 1,
    maxLength: 30,
  })
  .map((signs) => `x${signs.join('')}x`)

test('what is read has the tag that a change of it must name, whatever its texts are', async () => {
  await using server = await startTestServer()
  const author = server.fill('{author}')
  await fc.assert(
    fc.asyncProperty(line, line, fc.option(line), async (title, subject, optional) => {
      const given = optional === null ? {} : { subtitle: optional, description: optional }
      const body = { title, subjects: [subject], contributors: [{ authorId: author }], ...given }
      await expectFreshTag(server, { path: '/api/books', as: 'author', body, change: { title: `${title}2` } })
      const patientId = server.fill('{patient}')
      const notes = optional === null ? {} : { notes: optional, clinician: optional }
      const code = { system: subject, code: 'x', display: title }
      const record = { patientId, date: '2024-05-17', kind: 'note', title, code, ...notes }
      await expectFreshTag(server, {
        path: '/records',
        as: 'clinician',
        body: record,
        change: { notes: title },
      })
    }),
    { numRuns: 25 },
  )
  expect((await verifyDocuments(server.database)).wrongCount).toBe(0)
})

async function expectFreshTag(
  server: TestServer,
  { path, as, body, change }: { path: string; as: 'author' | 'clinician'; body: object; change: object },
): Promise<void> {
  const created = await server.request('POST', path, { as, body })
  expect(created.status, created.text).toBe(201)
  const { id } = created.json as Book | MedicalRecord
  const read = await server.request('GET', `${path}/${id}`, { as })
  expect(read.text).toBe(created.text)
  const headers = { 'if-match': read.headers.get('etag') ?? '' }
  const changed = await server.request('PATCH', `${path}/${id}`, { as, body: change, headers })
  expect(changed.status, changed.text).toBe(200)
  expect((await server.request('GET', `${path}/${id}`, { as })).text).toBe(changed.text)
  expect((await server.request('PATCH', `${path}/${id}`, { as, body: change, headers })).status).toBe(412)
}

test('a rebuild makes right what was changed behind the back of the server, and the change is seen at once', async () => {
  await using server = await startTestServer()
  const { kysely } = server.database
  const path = server.fill('/api/books/{book}')
  const before = (await server.request('GET', path)).json as Book
  await sql`update book set title = 'Another title' where title = ${before.title}`.execute(kysely)
  await sql`update record set document = '{}' where id in (select id from record order by id limit 3)`.execute(
    kysely,
  )
  expect(await verifyDocuments(server.database)).toMatchObject({
    wrongCount: 4,
    wrong: expect.arrayContaining([before.id]),
  })
  expect(await rebuildDocuments(server.database)).toEqual({ books: 1, records: 3 })
  expect(await verifyDocuments(server.database)).toMatchObject({ wrongCount: 0, wrong: [] })
  expect((await server.request('GET', path)).json).toEqual({ ...before, title: 'Another title' })
})

test('what has no document yet, as after a migration, gets one', async () => {
  await using server = await startTestServer()
  const { kysely } = server.database
  const whole = await server.request('GET', '/records', { as: 'clinician' })
  await sql`update record set document = null`.execute(kysely)
  await sql`update book set document = null, search = null where status = 'draft'`.execute(kysely)
  expect(await lackDocuments(kysely)).toBe(true)
  expect(await fillDocuments(server.database)).toMatchObject({ records: 250 })
  expect(await lackDocuments(kysely)).toBe(false)
  expect((await server.request('GET', '/records', { as: 'clinician' })).text).toBe(whole.text)
})

describe.runIf(testEngine === 'postgres')('casebook-server documents', () => {
  const servers = createServers(tmpdir())
  afterAll(() => servers.endAll())

  test('verify names what is wrong and ends with 1, rebuild puts it right', async () => {
    await using server = await startTestServer()
    const url = 'url' in server.database ? String(server.database.url) : ''
    const env = { DATABASE_URL: url, UNSAFE_DATABASE: 'true' }
    expect(await servers.outcome(['documents', 'verify'], env)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^All \d+ documents are right/),
    })
    await sql`update record set title = 'changed by hand' where id in (select id from record order by id limit 30)`.execute(
      server.database.kysely,
    )
    const wrong = await servers.outcome(['documents', 'verify'], env)
    expect(wrong).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(
        /^30 of \d+ documents are wrong:\n {2}rec_[^]*and 10 more\n.*documents rebuild\n$/,
      ),
    })
    expect(await servers.outcome(['documents', 'rebuild'], env)).toMatchObject({
      code: 0,
      out: 'Put right the documents of 0 books and 30 records.\n',
    })
    expect(await servers.outcome(['documents', 'verify'], env)).toMatchObject({ code: 0 })
  })
})
