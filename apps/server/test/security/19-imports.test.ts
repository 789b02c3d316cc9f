import type { AuditEntry } from '@casebook/api/audit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../start-test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const count = 1000
const source = 'elsewhere'
const person = { givenName: 'Ida', familyName: 'Lind', birthDate: '1970-01-02', sex: 'female' as const }
const patientRows = Array.from({ length: count }, (_, number) => ({ externalId: `p${number}`, ...person }))
const recordRows = Array.from({ length: count }, (_, number) => ({
  externalId: `r${number}`,
  patient: `p${number}`,
  date: '2024-01-02',
  kind: 'note',
  title: 'Seen',
}))

/** Imports with a request id of its own, and gives the ids in the answer and the entries that it left. */
async function importRows(procedure: string, input: object) {
  const requestId = `import-${crypto.randomUUID()}`
  const { json } = await server.request('POST', `/trpc/${procedure}`, {
    as: 'clinician',
    headers: { 'x-request-id': requestId },
    body: { source, ...input },
  })
  const { results } = (json as { result: { data: { results: { id?: string }[] } } }).result.data
  const entries = await server.database.stores.audit.list({ requestId, limit: 2 * count })
  const isOfOne = ({ resource }: AuditEntry) => resource !== undefined
  return {
    ids: results.map(({ id }) => id),
    ofEach: entries.filter(isOfOne),
    ofAll: entries.filter((entry) => !isOfOne(entry)),
  }
}

const resources = (entries: readonly AuditEntry[]) => entries.map(({ resource }) => resource).toSorted()

describe('security 19: an import is in the trail', () => {
  test('with an entry of each of a thousand patients and records, which is sealed and shown as any other', async () => {
    const patients = await importRows('records.patients.import', { rows: patientRows })
    expect(resources(patients.ofEach)).toEqual(patients.ids.toSorted())
    expect(patients.ofEach.every(({ resource, patientId }) => patientId === resource)).toBe(true)
    expect(patients.ofAll).toMatchObject([{ action: 'records.patients.import', count }])

    const records = await importRows('records.import', { rows: recordRows })
    expect(resources(records.ofEach)).toEqual(records.ids.toSorted())
    const { id: _, at: __, count: ___, ...alike } = records.ofAll[0] ?? { id: '', at: '', count: 0 }
    for (const entry of records.ofEach) expect(entry).toMatchObject({ outcome: 'allowed', ...alike })
    const patientOf = new Map(records.ofEach.map(({ resource, patientId }) => [resource, patientId]))
    expect(records.ids.map((id) => patientOf.get(id))).toEqual(patients.ids)

    const admin = server.client('admin')
    await server.sealer.seal()
    const { ok, sealed, problems } = await admin.audit.verify.query()
    expect({ ok, problems }).toEqual({ ok: true, problems: [] })
    expect(sealed).toBeGreaterThan(2 * count)
    const id = records.ofEach[0]?.patientId
    if (id === undefined) throw new Error('an entry names no patient')
    const { items: accesses } = await admin.records.patients.access.query({ id })
    expect(accesses.map(({ action, username }) => [action, username])).toEqual([
      ['records.import', 'clinician'],
      ['records.patients.import', 'clinician'],
    ])
    const { items: entries } = await admin.audit.list.query({ patientId: id, action: 'records.import' })
    expect(entries).toMatchObject([{ resource: records.ofEach[0]?.resource, detail: `source=${source}` }])
  })

  test('with no entry of what it finds, and none of what a dry run undoes', async () => {
    const rows = [
      { externalId: 'again', ...person },
      { externalId: 'again', ...person },
    ]
    const procedure = 'records.patients.import'
    const dry = await importRows(procedure, { dryRun: true, rows })
    expect(dry.ofEach).toEqual([])
    expect(dry.ofAll).toMatchObject([{ action: procedure, detail: `source=${source} dryRun` }])
    expect((await importRows(procedure, { rows })).ofEach).toHaveLength(1)
    const again = await importRows(procedure, { rows })
    expect(again.ofEach).toEqual([])
    expect(again.ofAll).toMatchObject([{ action: procedure, count: 0 }])
  })
})
