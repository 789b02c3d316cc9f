import type { AuditEntry } from '@casebook/api/audit'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type Role, type TestServer } from '../start-test-server.ts'
import { acts, callAct, type Act } from './audit/acts.ts'
import { procedures } from './matrix/call.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

let count = 0
/** Does an act with a request id of its own, and gives the answer and the entries of it, in order. */
async function trace(act: Act, as: Role | undefined) {
  const requestId = `audit-${(count += 1)}`
  const answer = await callAct(server, act, { as, requestId })
  const entries = await server.database.stores.audit.list({ requestId, limit: 100 })
  return { requestId, answer, entries: entries.toReversed() }
}

const told = ({ action, outcome, actor }: AuditEntry) => [action, outcome, actor?.username, actor?.role]

describe('security 19: everything that is done to patients and records is in the trail', () => {
  test.each(acts)('$name', async (act) => {
    const began = Date.now()
    const { answer, entries, requestId } = await trace(act, act.as)
    expect(answer.status, answer.text).toBe(act.status)
    const role = act.as === 'linked' ? 'reader' : act.as
    expect(entries.map(told)).toEqual(act.entries.map((entry) => [entry.action, entry.outcome, act.as, role]))
    for (const [index, entry] of entries.entries()) {
      const expected = act.entries[index]
      expect(entry).toMatchObject({ address: '127.0.0.1', requestId })
      expect(Math.abs(Date.parse(entry.at) - began)).toBeLessThan(60_000)
      expect(entry.patientId, 'patient').toBe(
        expected?.patient === undefined ? undefined : server.fill(expected.patient),
      )
      expect(entry.resource, 'resource').toBe(
        expected?.resource === undefined ? undefined : server.fill(expected.resource),
      )
      if (expected?.counts === true) expect(entry.count).toBeGreaterThan(0)
    }
  })

  test('no entry has a word of a patient, and none of what was searched for', async () => {
    const { records } = server.client('clinician')
    const name = { givenName: 'Canaryname', familyName: 'Canaryname' }
    const patient = await records.patients.create.mutate({ ...name, birthDate: '1970-01-02', sex: 'female' })
    const words = { title: 'Canarytitle', notes: 'Canarynotes', kind: 'note', clinician: 'Canaryname' }
    const record = await records.create.mutate({ patientId: patient.id, date: '2024-01-02', ...words })
    await records.list.query({ q: 'Canarytitle', code: 'canarycode', patientId: patient.id })
    await records.amend.mutate({ id: record.id, notes: 'Canarynotes again' })
    await records.patients.list.query({ q: 'canaryname', mrn: 'canarymrn' })
    await records.patients.update.mutate({ id: patient.id, givenName: 'Canaryname again' })
    const rows = { externalId: 'canaryid', patient: 'canaryid', date: '2024-01-02', ...words }
    await records.import.mutate({ source: 'elsewhere', rows: [rows] })
    const { rows: found } = await sql<{ text: string }>`select e::text as text from audit_entry e`.execute(
      server.database.kysely,
    )
    expect(found.length).toBeGreaterThan(8)
    expect(found.filter(({ text }) => /canary/i.test(text))).toEqual([])
  })

  test('where the entry can’t be written, nothing is read and nothing is changed', async () => {
    await using broken = await startTestServer()
    const { kysely } = broken.database
    await sql`create function broken_trail() returns trigger language plpgsql as $$
      begin raise exception 'the trail is full'; end $$`.execute(kysely)
    await sql`create trigger broken before insert on audit_entry for each row execute function broken_trail()`.execute(
      kysely,
    )
    const state = async () =>
      (
        await sql<{ text: string }>`
      select (select string_agg(r::text, ',' order by id) from record r) || (select string_agg(p::text, ',' order by id) from patient p) as text`.execute(
          kysely,
        )
      ).rows
    const before = await state()
    let tried = 0
    for (const act of acts.filter(({ entries }) => entries.length > 0)) {
      const { text, status } = await callAct(broken, act, { as: act.as, requestId: 'broken-trail' })
      tried += 1
      // A batch answers 207, and the client of a stream hears of it in the answer: what counts is that nothing is in it.
      expect(text, act.name).not.toMatch(/"(patientId|familyName|birthDate|mrn)"/)
      if (act.isPlain !== false) expect(status, act.name).toBe(500)
      expect(text, act.name).not.toContain('the trail is full')
    }
    expect(tried).toBeGreaterThan(40)
    expect(await state()).toEqual(before)
  })
})

describe('security 19: what admins do is in the trail, too', () => {
  test('find, change, invite, look at an invitation, and read and check the trail itself', async () => {
    const admin = server.client('admin')
    const reader = (await admin.auth.users.list.query({ q: 'reader' })).items[0]
    const id = reader?.id ?? ''
    await admin.auth.users.update.mutate({ id, role: 'author' })
    await admin.auth.users.update.mutate({ id, role: 'reader', disabled: true })
    await admin.auth.users.update.mutate({ id, disabled: false })
    const invited = await admin.auth.users.invite.mutate({ email: 'new@example.com', role: 'editor' })
    await admin.auth.users.invitation.query({ id: invited.id })
    await admin.audit.list.query({ limit: 1 })
    for await (const _ of await admin.audit.stream.query({ action: 'nothing' }));
    await admin.audit.verify.query()
    await server
      .client('editor')
      .auth.users.update.mutate({ id, role: 'admin' })
      .catch(() => undefined)
    await server
      .client('editor')
      .audit.stream.query({})
      .catch(() => undefined)
    const entries = await server.database.stores.audit.list({ limit: 11 })
    expect(
      entries
        .map(({ action, outcome, resource, detail }) => [action, outcome, resource, detail])
        .toReversed(),
    ).toEqual([
      ['auth.users.list', 'allowed', undefined, 'q limit=50'],
      ['auth.users.update', 'allowed', id, 'role=author'],
      ['auth.users.update', 'allowed', id, 'role=reader disabled=true'],
      ['auth.users.update', 'allowed', id, 'disabled=false'],
      ['auth.users.invite', 'allowed', invited.id, 'role=editor'],
      ['auth.users.invitation', 'allowed', invited.id, undefined],
      ['audit.list', 'allowed', undefined, undefined],
      ['audit.stream', 'allowed', undefined, 'action'],
      ['audit.verify', 'allowed', undefined, undefined],
      ['auth.users.update', 'refused', id, undefined],
      ['audit.stream', 'refused', undefined, undefined],
    ])
  })

  test('looking over the API keys of somebody, revoking one, and failing to', async () => {
    const owner = await server.client('clinician').auth.me.query()
    const key = await server.client('clinician').auth.keys.create.mutate({ name: 'of somebody' })
    const { keys } = server.client('admin').auth.users
    await keys.list.query({ id: owner.id })
    await keys.revoke.mutate({ id: owner.id, keyId: key.id })
    await keys.revoke.mutate({ id: owner.id, keyId: key.id }).catch(() => undefined)
    await server
      .client('editor')
      .auth.users.keys.list.query({ id: owner.id })
      .catch(() => undefined)
    const entries = await server.database.stores.audit.list({ limit: 4 })
    expect(entries.map(({ action, outcome, resource }) => [action, outcome, resource]).toReversed()).toEqual([
      ['auth.users.keys.list', 'allowed', owner.id],
      ['auth.users.keys.revoke', 'allowed', key.id],
      ['auth.users.keys.revoke', 'failed', key.id],
      ['auth.users.keys.list', 'refused', owner.id],
    ])
  })

  test('a procedure of admins, or on patients and records, is told of by its refusals as well', () => {
    const silent = Object.entries(procedures).filter(([name, { _def }]) => {
      const { access, audited } = _def.meta
      const isOfAdmins = Array.isArray(access) && access.every((role) => role === 'admin')
      return (isOfAdmins || /^(records|audit)\./.test(name)) && audited !== true
    })
    expect(silent.map(([name]) => name)).toEqual([])
  })
})

describe('security 19: who has seen a patient’s records', () => {
  test('is told to admins and to the patient, with the names of staff alone', async () => {
    const id = server.fill('{patient}')
    const record = server.fill('{record}')
    await server.request('GET', `/records/${record}`, { as: 'clinician' })
    await server.request('GET', `/records/${record}`, { as: 'editor' })
    await server.request('GET', `/records/${record}`, { as: 'linked' })
    await server.request('GET', `/records/${record}`)
    const expected = [
      { action: 'records.get', outcome: 'refused', recordId: record },
      { action: 'records.get', outcome: 'allowed', recordId: record, role: 'reader', username: 'linked' },
      { action: 'records.get', outcome: 'refused', recordId: record, role: 'editor' },
      {
        action: 'records.get',
        outcome: 'allowed',
        recordId: record,
        role: 'clinician',
        username: 'clinician',
      },
    ]
    const at = expect.any(String) as string
    const own = await server.client('linked').records.patients.access.query({ id, limit: 4 })
    expect(own.items).toEqual(expected.map((one) => ({ at, ...one })))
    const whole = await server.client('admin').records.patients.access.query({ id, limit: 5 })
    expect(whole.items.map(({ action, username }) => [action, username])).toEqual([
      ['records.patients.access', 'linked'],
      ['records.get', undefined],
      ['records.get', 'linked'],
      ['records.get', 'editor'],
      ['records.get', 'clinician'],
    ])
  })

  test('comes in pages that make the whole, over both transports', async () => {
    const id = server.fill('{patient}')
    const { patients } = server.client('admin').records
    const first = await patients.access.query({ id, limit: 2 })
    const second = await patients.access.query({ id, limit: 2, cursor: first.nextCursor ?? '' })
    const { headers, json } = await server.request('GET', `/patients/${id}/access?limit=5`, { as: 'admin' })
    // The two reads before are in it by now.
    expect((json as object[]).slice(2, 4)).toEqual(first.items.slice(0, 2))
    expect(second.items).not.toEqual(first.items)
    expect(headers.get('link')).toContain('rel="next"')
    const stored = await server.database.stores.audit.list({ limit: 1, action: 'records.patients.access' })
    expect(stored[0]).toMatchObject({ patientId: id, actor: { username: 'admin' }, count: 5 })
  })
})
