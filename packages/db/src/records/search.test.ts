import { newUuid } from '@casebook/api'
import type { MedicalRecord } from '@casebook/api/records'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../testing/index.ts'
import type { ImportedRecord } from './import-store.ts'

const texts: readonly Partial<ImportedRecord>[] = [
  { title: 'Hypertension', notes: 'Follow-up in two weeks; mild/moderate.' },
  { title: 'Asthma', codeSystem: 's', code: 'c', codeDisplay: 'Asthma (disorder)' },
  { title: 'COVID-19', notes: 'Dose: 10mg/kg, -5 % of "normal" (O\'Brien).' },
  { title: 'Zoë’s café visit', notes: '心臓病 ÉTAT' },
  { title: 'Up', notes: 'x:* & !y | z <-> \\' },
]

describe('the words of a search', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase()
    await insert(texts)
  }, 60_000)
  afterAll(() => database[Symbol.asyncDispose]())

  async function insert(records: readonly Partial<ImportedRecord>[]): Promise<void> {
    const source = crypto.randomUUID()
    const patientId = newUuid()
    const person = { givenName: 'Ada', familyName: 'Li', birthDate: '1970-01-01', sex: 'female' } as const
    const blank = { kind: 'note', status: 'final', codeSystem: null, code: null, codeDisplay: null } as const
    await database.transaction(async (tx) => {
      await tx.recordImport.insertPatients(source, [{ id: patientId, externalId: 'p', mrn: null, ...person }])
      const rows = records.map((record, index) => ({
        id: newUuid(),
        externalId: `r-${index}`,
        patientId,
        date: '2024-01-01',
        ...blank,
        title: '',
        notes: null,
        clinician: 'Dr. Haystack',
        ...record,
      }))
      await tx.recordImport.insertRecords(source, rows)
    })
  }

  async function find(q: string): Promise<string[]> {
    const runs = await Array.fromAsync(database.stores.records({ kind: 'all' }).runs({ q }, ','))
    const found = JSON.parse(`[${runs.join(',')}]`) as MedicalRecord[]
    return found.map(({ title }) => title).toSorted()
  }

  test.each([
    ['asthma', ['Asthma']],
    ['ASTH dis', ['Asthma']],
    ['hyper', ['Hypertension']],
    ['tension', []],
    ['follow-up', ['Hypertension']],
    ['follow up', ['Hypertension']],
    ['up', ['Hypertension', 'Up']],
    ['moderate', ['Hypertension']],
    ['mild/moderate', ['Hypertension']],
    ['covid', ['COVID-19']],
    ['covid-19', ['COVID-19']],
    ['19', ['COVID-19']],
    ['10mg/kg', ['COVID-19']],
    ['kg', ['COVID-19']],
    ["o'brien", ['COVID-19']],
    ['"normal"', ['COVID-19']],
    ['zoë', ['Zoë’s café visit']],
    ['CAFÉ', ['Zoë’s café visit']],
    ['zoë’s', ['Zoë’s café visit']],
    ['état', ['Zoë’s café visit']],
    ['心臓', ['Zoë’s café visit']],
    ['asthma covid', []],
    ['haystack', []],
  ])('%j finds the records that have a word of each beginning: %j', async (q, titles) => {
    expect(await find(q)).toEqual(titles)
  })

  test.each(['!!!', '-', '’', '%', '_', '\\', "'", ':*', '& | !', '()', '“”', '½'])(
    '%j has no letter or digit, and finds nothing',
    async (q) => expect(await find(q)).toEqual([]),
  )

  test.each(["a'b:*", "x'", 'y \\', '<->', 'a & b', '!asthma', 'asthma:A', 'a\\', "\\'", '(z'])(
    '%j is taken as words, and not as a query of its own',
    async (q) => expect(await find(q)).toEqual(await find(q.replaceAll(/[^a-z]+/gi, ' '))),
  )

  test('are those of the record as it is now', async () => {
    await insert([{ title: 'Sprain', notes: 'left ankle' }])
    const runs = await Array.fromAsync(database.stores.records({ kind: 'all' }).runs({ q: 'sprain' }, ','))
    const [record] = JSON.parse(`[${runs.join(',')}]`) as MedicalRecord[]
    if (record === undefined) throw new Error('the record is not found')
    await database.transaction((tx) =>
      tx.recordWriter.amend(record, { notes: 'right wrist', status: 'amended' }),
    )
    expect(await find('sprain ankle')).toEqual([])
    expect(await find('sprain wrist')).toEqual(['Sprain'])
  })

  test('may be as many, and as long, as notes can hold', async () => {
    const many = Array.from({ length: 16_000 }, (_, index) => index.toString(36).padStart(5, 'ж')).join(' ')
    await insert([
      { title: 'Many', notes: many },
      { title: 'Long', notes: `${'я'.repeat(99_990)} end` },
    ])
    expect(await find('жжccc')).toEqual(['Many'])
    expect(await find('end long')).toEqual(['Long'])
  })
})
