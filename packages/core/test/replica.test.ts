import { newId, uuidOf, type Caller } from '@casebook/api'
import type { MedicalRecord } from '@casebook/api/records'
import { generateRecords, readCatalogueStamp, type Database } from '@casebook/db'
import { openReplicated, testEngine } from '@casebook/db/testing'
import { describe, expect, test } from 'vitest'
import { createServices } from '../src/services.ts'
import { createTestDeps } from '../src/test-deps.ts'

describe.runIf(testEngine === 'postgres')('with a standby', () => {
  test('reads come from it while it is fresh, from the primary while it is not, and always show the last write', async () => {
    await using pair = await openReplicated()
    const { database } = pair
    const { books, readers } = await servicesOn(database)
    const { id } = await books.create({ title: 'one', subjects: [], contributors: [] })
    const titleNow = async () => (await books.get({ id })).toJSON().title
    const replica = database.replica?.stores
    const readsCatalogueFromReplica = async () =>
      (await readers.ofCatalogue(await readCatalogueStamp(database.kysely))) === replica

    await expect.poll(readsCatalogueFromReplica, { timeout: 10_000 }).toBe(true)
    expect(await titleNow()).toBe('one')
    expect(await readers.ofNow()).toBe(replica)

    await pair.pauseReplay(true)
    await books.update({ id, title: 'two' })
    expect(await readsCatalogueFromReplica()).toBe(false)
    expect(await titleNow()).toBe('two')
    expect(await readers.ofNow()).toBe(database.stores)

    await pair.pauseReplay(false)
    await expect.poll(readsCatalogueFromReplica, { timeout: 10_000 }).toBe(true)
    expect(await titleNow()).toBe('two')
  })

  test('when it goes away, nobody notices: not a read, and not a whole list in the middle', async () => {
    await using pair = await openReplicated()
    const { database } = pair
    await generateRecords(database, { patients: 20, records: 6000 })
    const { books, records, readers } = await servicesOn(database)
    const { id } = await books.create({ title: 'one', subjects: [], contributors: [] })
    await expect.poll(() => readers.ofNow(), { timeout: 10_000 }).toBe(database.replica?.stores)

    const seen: MedicalRecord[] = []
    for await (const record of records.stream({})) {
      if (seen.length === 0) await pair.endStandby()
      seen.push(record)
    }
    expect(new Set(seen.map((record) => record.id)).size).toBe(6000)
    expect((await books.get({ id })).toJSON().title).toBe('one')
    expect(await readers.ofNow()).toBe(database.stores)
  })
})

async function servicesOn(database: Database) {
  const user = { id: newId('user'), username: 'admin', email: 'admin@example.com', role: 'admin' } as const
  await database.transaction((tx) => tx.userWriter.insert({ ...user, passwordHash: '' }))
  const caller: Caller = {
    user: { id: user.id, username: user.username, role: user.role, patientId: null },
    session: null,
    requestId: uuidOf(user.id),
    address: '127.0.0.1',
    userAgent: null,
  }
  const deps = createTestDeps(database, 0)
  const { books, records } = createServices(deps, caller)
  return { books, records, readers: deps.readers }
}
