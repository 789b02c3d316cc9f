import { newId } from '@casebook/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type Received, type TestServer } from '../start-test-server.ts'

// `linked` sees the records of one patient. `{otherRecord}` and `{otherPatient}` are there, and not for it.

type Ids = { readonly record: string; readonly patient: string }

let server: TestServer
const nothing: Ids = { record: newId('record'), patient: newId('patient') }
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const other = () => ({ record: server.fill('{otherRecord}'), patient: server.fill('{otherPatient}') })
const trpc = (procedure: string, input: object) =>
  `/trpc/${procedure}?input=${encodeURIComponent(JSON.stringify(input))}`
const batch = (...calls: readonly (readonly [string, object])[]) =>
  `/trpc/${calls.map(([name]) => name).join(',')}?batch=1&input=${encodeURIComponent(
    JSON.stringify(Object.fromEntries(calls.map(([, input], index) => [index, input]))),
  )}`

/** All that a caller gets, without what is of the one request: its id, its time, and the id that was asked for. */
function seen({ status, headers, text }: Received, ids: Ids) {
  const plain = (one: string) =>
    one
      .replaceAll(ids.record, 'rec_X')
      .replaceAll(ids.patient, 'pat_X')
      .replaceAll(headers.get('x-request-id') ?? '', 'ID')
  const shown = [...headers].filter(([name]) => name !== 'date' && name !== 'x-request-id')
  return {
    status,
    text: plain(text),
    headers: Object.fromEntries(shown.map(([name, value]) => [name, plain(value)])),
  }
}

type Probe = readonly [
  name: string,
  method: string,
  path: (ids: Ids) => string,
  headers?: Record<string, string>,
  body?: object,
]

const reads: readonly Probe[] = [
  ['a record', 'GET', ({ record }) => `/records/${record}`],
  ['a record by HEAD', 'HEAD', ({ record }) => `/records/${record}`],
  ['a record that it says to have', 'GET', ({ record }) => `/records/${record}`, { 'if-none-match': '*' }],
  ['the history of a record', 'GET', ({ record }) => `/records/${record}/history`],
  ['a page of a history', 'GET', ({ record }) => `/records/${record}/history?limit=1`],
  ['a history as CSV', 'GET', ({ record }) => `/records/${record}/history`, { accept: 'text/csv' }],
  ['records of a patient', 'GET', ({ patient }) => `/records/${patient}`],
  ['a page of them', 'GET', ({ patient }) => `/records/${patient}?limit=1`],
  ['them as lines', 'GET', ({ patient }) => `/records/${patient}`, { accept: 'application/x-ndjson' }],
  ['a list by patient', 'GET', ({ patient }) => `/records?patientId=${patient}`],
  ['a page by patient', 'GET', ({ patient }) => `/records?patientId=${patient}&limit=1`],
  [
    'a list by patient that it says to have',
    'GET',
    ({ patient }) => `/records?patientId=${patient}`,
    { 'if-none-match': '*' },
  ],
  ['who has seen them', 'GET', ({ patient }) => `/patients/${patient}/access`],
  ['the patient', 'GET', ({ patient }) => `/patients/${patient}`],
  ['tRPC: a record', 'GET', ({ record }) => trpc('records.get', { id: record })],
  ['tRPC: a history', 'GET', ({ record }) => trpc('records.history', { id: record })],
  ['tRPC: records of a patient', 'GET', ({ patient }) => trpc('records.byPatient', { patientId: patient })],
  ['tRPC: a list by patient', 'GET', ({ patient }) => trpc('records.list', { patientId: patient })],
  ['tRPC: who has seen them', 'GET', ({ patient }) => trpc('records.patients.access', { id: patient })],
  ['tRPC: the patient', 'GET', ({ patient }) => trpc('records.patients.get', { id: patient })],
  [
    'tRPC: two at once',
    'GET',
    ({ record, patient }) =>
      batch(['records.get', { id: record }], ['records.byPatient', { patientId: patient }]),
  ],
]

/** What a patient is refused, whoever it is about, and where an answer has no content. */
const same = new Set(['the patient', 'tRPC: the patient', 'a list by patient that it says to have'])

const changes: readonly Probe[] = [
  ['amending', 'PATCH', ({ record }) => `/records/${record}`, { 'if-match': '"x"' }, { title: 'Mine' }],
  ['changing the patient', 'PATCH', ({ patient }) => `/patients/${patient}`, {}, { familyName: 'Mine' }],
  ['linking', 'PUT', ({ patient }) => `/patients/${patient}/account`, {}, { username: 'linked' }],
  ['unlinking', 'DELETE', ({ patient }) => `/patients/${patient}/account`],
]

const named = (probes: readonly Probe[]) => probes.map((probe) => [probe[0], probe] as const)

describe('security 18: what is another patient’s answers as what does not exist', () => {
  const ask = async (
    [, method, path, headers = {}, body]: Probe,
    ids: Ids,
    as: 'linked' | 'reader' = 'linked',
  ) =>
    seen(
      await server.request(method, path(ids), { as, headers, ...(body === undefined ? {} : { body }) }),
      ids,
    )

  test.each(named([...reads, ...changes]))('%s', async (_name, probe) => {
    expect(await ask(probe, other())).toEqual(await ask(probe, nothing))
  })

  test.each(named(reads.filter(([name]) => !same.has(name))))(
    '%s, its own, is another answer',
    async (_name, probe) => {
      const own = { record: server.fill('{record}'), patient: server.fill('{patient}') }
      expect(await ask(probe, own)).not.toEqual(await ask(probe, other()))
    },
  )

  test.each(named([...reads, ...changes]))(
    '%s, by an account that sees no records at all',
    async (_name, probe) => {
      expect(await ask(probe, other(), 'reader')).toEqual(await ask(probe, nothing, 'reader'))
    },
  )

  test('the entity tag of another’s record, known from elsewhere, tells nothing', async () => {
    const { headers } = await server.request('GET', server.fill('/records/{otherRecord}'), {
      as: 'clinician',
    })
    const tag = { 'if-none-match': headers.get('etag') ?? '' }
    const probe: Probe = ['', 'GET', ({ record }) => `/records/${record}`, tag]
    expect(tag['if-none-match']).not.toBe('')
    expect(await ask(probe, other())).toEqual(await ask(probe, nothing))
  })

  test('whole lists, pages, streams and searches have nothing of others, whatever is asked for', async () => {
    const patient = server.fill('{patient}')
    const linked = server.client('linked')
    const all = (await server.client('clinician').records.list.query({ limit: 1000 })).items
    const mine = all.filter(({ patientId }) => patientId === patient).length
    expect(all.length).toBeGreaterThan(mine)
    expect((await linked.records.list.query({ limit: 1000 })).items).toHaveLength(mine)
    const streamed: string[] = []
    for await (const record of await linked.records.stream.query({})) streamed.push(record.patientId)
    expect(streamed).toEqual(Array<string>(mine).fill(patient))
    for (const accept of ['application/json', 'text/csv', 'application/x-ndjson']) {
      const { text } = await server.request('GET', '/records', { as: 'linked', headers: { accept } })
      expect(text).not.toContain(other().patient)
      expect(text.match(/pat_\w+/g)).toHaveLength(mine)
    }
    const hidden = all.find((record) => record.patientId !== patient && record.notes !== undefined)
    const found = async (filter: object) =>
      (await linked.records.list.query(filter)).items.map((one) => one.patientId)
    for (const filter of [
      { q: hidden?.title ?? '' },
      { kind: hidden?.kind ?? '' },
      { from: hidden?.date, to: hidden?.date },
    ])
      expect(new Set(await found(filter)).has(hidden?.patientId ?? patient)).toBe(false)
  })

  test('a cursor of somebody who sees more leads to nothing more', async () => {
    const page = await server.client('clinician').records.list.query({ limit: 1 })
    const { items } = await server
      .client('linked')
      .records.list.query({ limit: 1000, cursor: page.nextCursor ?? '' })
    expect(new Set(items.map(({ patientId }) => patientId)).has(other().patient)).toBe(false)
    const { records } = server.client('clinician')
    const { id } = await records.amend.mutate({ id: other().record, title: 'Said better' })
    const { nextCursor } = await records.history.query({ id, limit: 1 })
    const path = `/records/${id}/history?limit=1&cursor=${nextCursor}`
    const { status } = await server.request('GET', path, { as: 'linked' })
    expect([status, (await server.request('GET', path, { as: 'clinician' })).status]).toEqual([404, 200])
  })

  test('what happens to others changes nothing of its own lists', async () => {
    const tagOf = async (path: string) =>
      (await server.request('GET', path, { as: 'linked' })).headers.get('etag') ?? 'none'
    const before = [await tagOf('/records'), await tagOf('/records?limit=5')]
    const note = { date: '2024-03-01', kind: 'note', title: 'Of somebody else' }
    await server.client('clinician').records.create.mutate({ patientId: other().patient, ...note })
    expect([await tagOf('/records'), await tagOf('/records?limit=5')]).toEqual(before)
    expect(before).not.toContain('none')
  })

  test('an idempotency key of somebody else gives nothing of theirs', async () => {
    const body = { patientId: other().patient, date: '2024-03-02', kind: 'note', title: 'Kept by a key' }
    const headers = { 'idempotency-key': 'shared-18' }
    const create = (as: 'clinician' | 'admin' | 'linked') =>
      server.request('POST', '/records', { as, body, headers })
    const [first, again] = [await create('clinician'), await create('clinician')]
    expect(again.json).toEqual(first.json)
    expect((await create('linked')).status).toBe(403)
    const ofAdmin = await create('admin')
    expect(ofAdmin.status).toBe(201)
    expect(ofAdmin.text).not.toContain((first.json as { id: string }).id)
  })
})
