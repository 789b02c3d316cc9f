import type { CasebookClient, CasebookError } from '@casebook/client'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type Role, type TestServer } from './start-test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const fails = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    (error: CasebookError) => error.reason,
  )
const newBook = (as: Role, title: string) => server.client(as).books.create.mutate({ title })
const idsOf = (page: { items: { id: string }[] }) => page.items.map(({ id }) => id)

describe('who sees and changes which book', () => {
  type Status = 'draft' | 'published' | 'withdrawn'
  const make = async (status: Status) => {
    const { id } = await newBook('author', `The author’s, ${status}`)
    const { books } = server.client('editor')
    if (status !== 'draft') await books.publish.mutate({ id })
    if (status === 'withdrawn') await books.withdraw.mutate({ id })
    return id
  }
  const sees: Record<Status, readonly (Role | 'nobody')[]> = {
    draft: ['author', 'editor', 'admin'],
    published: ['nobody', 'reader', 'author', 'otherAuthor', 'editor', 'clinician', 'admin'],
    withdrawn: ['author', 'editor', 'admin'],
  }
  const everybody = ['nobody', 'reader', 'author', 'otherAuthor', 'editor', 'clinician', 'admin'] as const
  const clientOf = (role: Role | 'nobody') => server.client(role === 'nobody' ? undefined : role)

  test.each(Object.keys(sees) as Status[])('a book that is %s is seen by those who may', async (status) => {
    const id = await make(status)
    for (const role of everybody) {
      const isSeen = sees[status].includes(role)
      const client = clientOf(role)
      const outcome = await fails(client.books.get.query({ id }))
      expect(outcome, `${role}, get`).toBe(isSeen ? 'done' : 'not-found')
      const listed = idsOf(await client.books.list.query({ status, limit: 1000 })).includes(id)
      expect(listed, `${role}, list`).toBe(isSeen)
      const streamed: string[] = []
      for await (const book of await client.books.stream.query({ status })) streamed.push(book.id)
      expect(streamed.includes(id), `${role}, stream`).toBe(isSeen)
    }
  })

  test.each([
    ['draft', 'update', ['author', 'editor', 'admin']],
    ['draft', 'publish', ['editor', 'admin']],
    ['draft', 'delete', ['author', 'editor', 'admin']],
    ['published', 'update', ['editor', 'admin']],
    ['published', 'withdraw', ['editor', 'admin']],
  ] as const)('a book that is %s: %s is for %j', async (status, act, allowed) => {
    for (const role of everybody) {
      const id = await make(status)
      const { books } = clientOf(role)
      const outcome = await fails(
        act === 'update' ? books.update.mutate({ id, subtitle: role }) : books[act].mutate({ id }),
      )
      if ((allowed as readonly string[]).includes(role)) expect(outcome, role).toBe('done')
      else expect(['not-authenticated', 'not-allowed', 'not-found'], role).toContain(outcome)
    }
  })

  test('what was published is withdrawn, not deleted', async () => {
    const id = await make('published')
    expect(await fails(server.client('editor').books.delete.mutate({ id }))).toBe('book-not-draft')
  })
})

describe('books', () => {
  test('an ISBN-10 with hyphens is stored as 13 digits, one with a wrong check digit refused', async () => {
    const { books } = server.client('editor')
    const book = await books.create.mutate({ title: 'With an ISBN', isbn13: '0-306-40615-2' })
    expect(book.isbn13).toBe('9780306406157')
    expect(await fails(books.create.mutate({ title: 'Wrong', isbn13: '0-306-40615-3' }))).toBe(
      'invalid-input',
    )
    expect(await fails(books.create.mutate({ title: 'Again', isbn13: '9780306406157' }))).toBe('isbn-taken')
    expect(idsOf(await books.list.query({ isbn: '0306406152', status: 'draft' }))).toEqual([book.id])
  })

  test('contributors stay in order with their roles; an author of books cannot be deleted', async () => {
    const { books } = server.client('editor')
    const names = ['Zelda First', 'Abel Second', 'Mira Third']
    const authors = await Promise.all(names.map((name) => books.authors.create.mutate({ name })))
    const contributors = authors.map(({ id }, index) => ({
      authorId: id,
      role: index === 1 ? ('translator' as const) : ('author' as const),
    }))
    const book = await books.create.mutate({ title: 'By three', contributors })
    expect(book.contributors.map(({ author, role }) => [author.name, role])).toEqual([
      ['Zelda First', 'author'],
      ['Abel Second', 'translator'],
      ['Mira Third', 'author'],
    ])
    const [first] = authors
    expect(first && (await fails(books.authors.delete.mutate({ id: first.id })))).toBe('author-has-books')
    expect(await fails(books.update.mutate({ id: book.id, contributors: [{ authorId: book.id }] }))).toBe(
      'invalid-input',
    )
  })
})

describe('accounts', () => {
  const password = 'four quiet herons wade'

  test('a reset key works once, however many use it at once, and ends every session', async () => {
    const client = server.client()
    const email = 'once@example.com'
    await client.auth.register.mutate({ username: 'once', email, password })
    const { token } = await client.auth.login.mutate({ username: 'once', password })
    await client.auth.requestPasswordReset.mutate({ email })
    const key = await server.resetKeyFor(email)
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        fails(client.auth.resetPassword.mutate({ key, password: `${password} ${index}` })),
      ),
    )
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1)
    const headers = { authorization: `Bearer ${token}` }
    expect((await server.request('GET', '/api/user/me', { headers })).status).toBe(401)
  })

  test('an admin invites: the token comes by mail, works once, and only for its role', async () => {
    const admin = server.client('admin')
    const client = server.client()
    await admin.auth.users.invite.mutate({ email: 'new@example.com', role: 'clinician' })
    const invitation = await server.invitationFor('new@example.com')
    const register = (username: string, role: 'clinician' | 'admin') =>
      fails(client.auth.register.mutate({ username, email: 'new@example.com', password, role, invitation }))
    expect(await register('invited', 'admin')).toBe('invalid-invitation')
    expect(await register('invited', 'clinician')).toBe('done')
    expect(await register('again', 'clinician')).toBe('invalid-invitation')
  })

  test('an account that is disabled is out at once, and cannot come back', async () => {
    const client = server.client()
    const { user } = await client.auth.register.mutate({
      username: 'gone',
      email: 'gone@example.com',
      password,
    })
    const { token } = await client.auth.login.mutate({ username: 'gone', password })
    const headers = { authorization: `Bearer ${token}` }
    expect((await server.request('GET', '/api/user/me', { headers })).status).toBe(200)
    await server.client('admin').auth.users.update.mutate({ id: user.id, disabled: true })
    expect((await server.request('GET', '/api/user/me', { headers })).status).toBe(401)
    expect(await fails(client.auth.login.mutate({ username: 'gone', password }))).toBe('wrong-credentials')
  })

  test('the last admin stays', async () => {
    const admin = server.client('admin')
    const { id } = await admin.auth.me.query()
    expect(await fails(admin.auth.users.update.mutate({ id, role: 'reader' }))).toBe('last-admin')
    expect(await fails(admin.auth.users.update.mutate({ id, disabled: true }))).toBe('last-admin')
  })
})

describe('records', () => {
  const clinician = () => server.client('clinician')
  const person = {
    givenName: 'Ines',
    familyName: 'Waldgrave',
    birthDate: '1980-02-03',
    sex: 'female' as const,
  }

  test('an unlinked account sees no more, from the next call on', async () => {
    const { records } = clinician()
    const patient = await records.patients.create.mutate(person)
    await records.create.mutate({ patientId: patient.id, date: '2024-01-02', kind: 'note', title: 'Seen' })
    const own = server.client('reader')
    await records.patients.linkAccount.mutate({ id: patient.id, username: 'reader' })
    expect((await own.records.list.query({})).items).toHaveLength(1)
    await records.patients.unlinkAccount.mutate({ id: patient.id, username: 'reader' })
    expect(await fails(own.records.list.query({}))).toBe('not-allowed')
  })

  test('each read and refusal has an entry in the trail, without a word of the patient', async () => {
    const { records } = clinician()
    const patient = await records.patients.create.mutate({ ...person, familyName: 'Canaryworth' })
    const record = await records.create.mutate({
      patientId: patient.id,
      date: '2024-01-02',
      kind: 'note',
      title: 'Canarytitle',
    })
    await records.get.query({ id: record.id })
    await records.byPatient.query({ patientId: patient.id })
    await records.list.query({ q: 'Canarytitle', patientId: patient.id })
    for await (const _ of await records.stream.query({ patientId: patient.id }));
    await records.history.query({ id: record.id })
    await records.amend.mutate({ id: record.id, title: 'Canarytitle, amended' })
    await fails(server.client('editor').records.get.query({ id: record.id }))
    await fails(server.client('linked').records.get.query({ id: record.id }))
    await fails(server.client().records.byPatient.query({ patientId: patient.id }))
    const { items } = await server.client('admin').audit.list.query({ limit: 11 })
    expect(items.map(({ action, outcome, actor }) => [action, outcome, actor?.username])).toEqual(
      [
        ['records.patients.create', 'allowed', 'clinician'],
        ['records.create', 'allowed', 'clinician'],
        ['records.get', 'allowed', 'clinician'],
        ['records.byPatient', 'allowed', 'clinician'],
        ['records.list', 'allowed', 'clinician'],
        ['records.stream', 'allowed', 'clinician'],
        ['records.history', 'allowed', 'clinician'],
        ['records.amend', 'allowed', 'clinician'],
        ['records.get', 'refused', 'editor'],
        ['records.get', 'failed', 'linked'],
        ['records.byPatient', 'refused', undefined],
      ].toReversed(),
    )
    expect(JSON.stringify(items)).not.toMatch(/canary/i)
    expect(items.filter(({ patientId }) => patientId === patient.id).length).toBeGreaterThanOrEqual(9)
  })

  test('the trail takes no change, and one made past it is found', async () => {
    await server.sealer.seal()
    const admin = server.client('admin')
    expect(await admin.audit.verify.query()).toMatchObject({ ok: true, problems: [] })
    const { kysely } = server.database
    await expect(sql`update audit_entry set actor_username = 'x'`.execute(kysely)).rejects.toThrow(
      /append-only/,
    )
    await expect(sql`delete from audit_seal`.execute(kysely)).rejects.toThrow(/append-only/)

    await sql`alter table audit_entry disable trigger append_only`.execute(kysely)
    const { rows } = await sql<{ id: string; action: string }>`
      select e.id, e.action from audit_entry e join audit_seal s on s.entry_id = e.id order by s.seq offset 3 limit 2
    `.execute(kysely)
    const [edited, deleted] = rows
    await sql`update audit_entry set action = 'nothing' where id = ${edited?.id}`.execute(kysely)
    expect((await admin.audit.verify.query()).problems).toMatchObject([{ kind: 'edited' }])
    await sql`update audit_entry set action = ${edited?.action} where id = ${edited?.id}`.execute(kysely)
    expect((await admin.audit.verify.query()).ok).toBe(true)
    await sql`delete from audit_entry where id = ${deleted?.id}`.execute(kysely)
    expect((await admin.audit.verify.query()).problems).toMatchObject([{ kind: 'missing' }])
  })
})

describe('imports', () => {
  const rows = Array.from({ length: 300 }, (_, index) => ({
    externalId: `row-${index}`,
    title: `Imported ${index}`,
    contributors: [{ name: `Author ${index % 20}` }, { name: 'Everybody’s Editor', role: 'editor' as const }],
  }))
  const importRows = (client: CasebookClient, more: object = {}) =>
    client.books.import.mutate({ source: 'test', rows, ...more })
  const count = (results: { outcome: string }[]) =>
    results.reduce<Record<string, number>>(
      (all, { outcome }) => ({ ...all, [outcome]: (all[outcome] ?? 0) + 1 }),
      {},
    )

  test('a dry run says what would be, and changes nothing; five at once make each book once', async () => {
    const client = server.client('editor')
    const before = (await client.books.list.query({ status: 'draft', limit: 1000 })).items.length
    expect(count((await importRows(client, { dryRun: true })).results)).toEqual({ created: 300 })
    expect((await client.books.list.query({ status: 'draft', limit: 1000 })).items).toHaveLength(before)
    const all = await Promise.all(Array.from({ length: 5 }, () => importRows(client)))
    expect(count(all.flatMap(({ results }) => results))).toEqual({ created: 300, exists: 1200 })
    expect((await client.books.list.query({ status: 'draft', limit: 1000 })).items).toHaveLength(before + 300)
    const { items } = await client.books.list.query({ status: 'draft', q: 'Imported 7', limit: 1000 })
    expect(
      items.find(({ title }) => title === 'Imported 7')?.contributors.map(({ author }) => author.name),
    ).toEqual(['Author 7', 'Everybody’s Editor'])
  })

  test('a row that cannot be taken is rejected with its reason, and the others go on', async () => {
    const client = server.client('editor')
    const { results } = await client.books.import.mutate({
      source: 'test',
      rows: [
        { externalId: 'a', title: 'A', isbn13: '9780140449136' },
        { externalId: 'b', title: 'B', isbn13: '0140449132' },
        { externalId: 'a', title: 'A again' },
      ],
    })
    expect(results).toMatchObject([
      { outcome: 'created' },
      { outcome: 'rejected', errors: [{ path: 'isbn13' }] },
      { outcome: 'rejected', errors: [{ path: 'externalId' }] },
    ])
  })

  test('two sources that bring the same ISBN at once make one book of it', async () => {
    const client = server.client('editor')
    const bring = (source: string) =>
      client.books.import.mutate({
        source,
        rows: [{ externalId: '1', title: source, isbn13: '9780141439518' }],
      })
    const all = await Promise.all(['north', 'south', 'east', 'west'].map(bring))
    expect(count(all.flatMap(({ results }) => results))).toEqual({ created: 1, rejected: 3 })
  })
})
