import {
  DomainError,
  idOf,
  newId,
  uuidOf,
  type Caller,
  type CallerUser,
  type PatientId,
  newUuid,
} from '@casebook/api'
import type { MedicalRecord, RecordService } from '@casebook/api/records'
import { generateRecords } from '@casebook/db'
import { openTestDatabase, testEngine } from '@casebook/db/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { verifyChain } from '../src/audit/chain.ts'
import { startSealer } from '../src/audit/sealer.ts'
import { createServices } from '../src/services.ts'
import { createTestDeps } from '../src/test-deps.ts'

type Who = 'clinician' | 'admin' | 'patient 0' | 'patient 1' | 'nobody' | 'unwritable'

/** A read that somebody asks for; numbers are places among the patients and the records, one more than there are. */
type Get = { readonly kind: 'get'; readonly who: Who; readonly record: number }
type List = {
  readonly kind: 'list' | 'byPatient'
  readonly who: Who
  readonly limit: number
  readonly patient: number
  readonly from: number | undefined
  readonly to: number | undefined
  readonly after: number | undefined
}

const patients = 3
const records = 12
// Mostly alike, so that many reads have the same form; one that can't be written makes all those be read one by one.
const anyone = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom<Who>('clinician', 'admin', 'patient 0', 'patient 1') },
  { weight: 2, arbitrary: fc.constantFrom<Who>('nobody', 'unwritable') },
)
const maybePlace = fc.option(fc.nat(records - 1), { nil: undefined, freq: 1 })
const get: fc.Arbitrary<Get> = fc.record({
  kind: fc.constant('get'),
  who: anyone,
  record: fc.nat(records),
})
const list: fc.Arbitrary<List> = fc.record({
  kind: fc.constantFrom('list', 'byPatient'),
  who: anyone,
  // Pages of seven are read alone, since hardly anybody asks for such.
  limit: fc.constantFrom(2, 2, 5, 7),
  patient: fc.nat(patients + 6),
  from: maybePlace,
  to: maybePlace,
  after: maybePlace,
})

test('whoever reads whatever at once: each is answered as if alone, and leaves one entry in the trail', async () => {
  await using world = await createWorld()
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(get, list), { minLength: 1, maxLength: 40 }), async (reads) => {
      const before = await world.countEntries()
      const answers = await Promise.all(reads.map((one, number) => world.ask(one, String(number))))
      expect(answers).toEqual(reads.map((one) => world.answerTo(one)))
      const expected = reads.map((one) => world.entryOf(one))
      for (const [number, entry] of expected.entries())
        expect(await world.entriesOf(String(number))).toEqual(entry === null ? [] : [entry])
      expect((await world.countEntries()) - before).toBe(expected.filter((entry) => entry !== null).length)
      world.nextRun()
    }),
    { numRuns: testEngine === 'pglite' ? 15 : 60, endOnFailure: true },
  )
  expect(await world.verify()).toMatchObject({ ok: true, pending: 0 })
})

async function createWorld() {
  const database = await openTestDatabase()
  await generateRecords(database, { patients, records })
  const runs = await Array.fromAsync(database.stores.records({ kind: 'all' }).runs({}, ','))
  const all = JSON.parse(`[${runs.join(',')}]`) as MedicalRecord[]
  const known = [...new Set(all.map(({ patientId }) => patientId))]
  const unknown = { patient: newId('patient'), record: newId('record') }
  const users: Readonly<Record<Who, CallerUser>> = {
    clinician: userOf('clinician', null),
    admin: userOf('admin', null),
    'patient 0': userOf('reader', known[0] ?? null),
    'patient 1': userOf('reader', known[1] ?? null),
    nobody: userOf('reader', null),
    unwritable: userOf('clinician', null),
  }
  const deps = createTestDeps(database)
  let run = 0

  const requestOf = (number: string) => `run ${run} read ${number}`
  const recordOf = (one: Get) => all[one.record]
  const filterOf = (one: List) => {
    const patientId =
      one.patient > patients && one.kind === 'list' ? undefined : (known[one.patient] ?? unknown.patient)
    const day = (place: number | undefined) => (place === undefined ? undefined : all[place]?.date)
    return one.kind === 'byPatient' ? { patientId } : { patientId, from: day(one.from), to: day(one.to) }
  }
  const sees = (reader: Who, patientId: PatientId) =>
    users[reader].role !== 'reader' || users[reader].patientId === patientId
  const listed = (one: List): MedicalRecord[] => {
    const { patientId, from, to } = { from: undefined, to: undefined, ...filterOf(one) }
    return all.filter(
      (record, place) =>
        sees(one.who, record.patientId) &&
        (patientId === undefined || record.patientId === patientId) &&
        (from === undefined || record.date >= from) &&
        (to === undefined || record.date <= to) &&
        (one.after === undefined || place > one.after),
    )
  }
  const cursorOf = (one: List) => {
    const record = one.after === undefined ? undefined : all[one.after]
    if (record === undefined) return undefined
    return deps.cursors.encode({ list: `records.${one.kind}`, filters: filterOf(one) }, [
      record.date,
      uuidOf(record.id),
    ])
  }
  const read = async (service: RecordService, one: Get | List): Promise<unknown> => {
    if (one.kind === 'get') return (await service.get({ id: recordOf(one)?.id ?? unknown.record })).toJSON()
    const filter = filterOf(one)
    const page = { limit: one.limit, cursor: cursorOf(one) }
    const { items, nextCursor } = await (one.kind === 'list'
      ? service.list({ ...filter, ...page })
      : service.byPatient({ patientId: filter.patientId ?? unknown.patient, ...page }))
    return { items: valueOf(items), hasMore: nextCursor !== null }
  }

  return {
    countEntries: async () => (await database.stores.audit.list({ limit: 100_000 })).length,
    nextRun: () => void (run += 1),

    ask: (one: Get | List, number: string): Promise<unknown> => {
      // PostgreSQL stores no text with such a character, so that the entry can't be written.
      const requestId = one.who === 'unwritable' ? '\0' : requestOf(number)
      const caller: Caller = {
        user: users[one.who],
        session: null,
        requestId,
        address: '::1',
        userAgent: null,
      }
      return read(createServices(deps, caller).records, one).catch((error: unknown) =>
        error instanceof DomainError ? error.reason : 'failed',
      )
    },

    /** What somebody has to be told, by what all the records are. */
    answerTo(one: Get | List): unknown {
      if (one.who === 'unwritable') return 'failed'
      if (one.who === 'nobody') return 'not-allowed'
      if (one.kind !== 'get') {
        const found = listed(one)
        return { items: found.slice(0, one.limit), hasMore: found.length > one.limit }
      }
      const record = recordOf(one)
      return record !== undefined && sees(one.who, record.patientId) ? record : 'not-found'
    },

    /** What the trail has to say of a read; null for nothing. */
    entryOf(one: Get | List): object | null {
      if (one.who === 'unwritable') return null
      const { id, username, role } = users[one.who]
      const isAllowed = one.who !== 'nobody'
      const entry = { actor: { id, username, role }, action: `records.${one.kind}`, address: '::1' }
      if (one.kind === 'get') {
        const record = recordOf(one)
        const resource = record?.id ?? unknown.record
        if (record === undefined) return { ...entry, outcome: 'failed', resource }
        // Whose record it is stands there, too, when somebody tried who may not see it.
        if (!isAllowed || !sees(one.who, record.patientId))
          return { ...entry, outcome: 'failed', resource, patientId: record.patientId }
        return { ...entry, outcome: 'allowed', resource, patientId: record.patientId }
      }
      // The list of somebody who is linked to a patient is about this one.
      const patientId = filterOf(one).patientId ?? users[one.who].patientId ?? undefined
      return {
        ...entry,
        outcome: isAllowed ? 'allowed' : 'failed',
        ...(patientId === undefined ? {} : { patientId }),
        ...(one.kind === 'byPatient' ? { resource: patientId } : { detail: detailOf(one) }),
        ...(isAllowed ? { count: Math.min(one.limit, listed(one).length) } : {}),
      }
    },

    async entriesOf(number: string): Promise<object[]> {
      const entries = await database.stores.audit.list({ requestId: requestOf(number), limit: 10 })
      return entries.map(({ id: _id, at: _at, requestId: _requestId, ...entry }) => entry)
    },

    async verify() {
      const sealer = startSealer({ database, onError: (error) => expect.fail(String(error)) })
      await sealer.seal()
      await sealer.stop()
      return verifyChain(database)
    },

    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }

  function detailOf(one: List): string {
    const { patientId, from, to } = { from: undefined, to: undefined, ...filterOf(one) }
    return [
      ...(patientId === undefined ? [] : ['patientId']),
      ...(from === undefined ? [] : [`from=${from}`]),
      ...(to === undefined ? [] : [`to=${to}`]),
      `limit=${one.limit}`,
    ].join(' ')
  }
}

function userOf(role: CallerUser['role'], patientId: PatientId | null): CallerUser {
  return { id: idOf('user', newUuid()), username: role, role, patientId }
}

function valueOf(items: MedicalRecord[] | { toJSON(): MedicalRecord[] }): MedicalRecord[] {
  return 'toJSON' in items ? items.toJSON() : items
}
