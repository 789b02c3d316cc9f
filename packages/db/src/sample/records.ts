import { newId, uuidOf } from '@casebook/api'
import { examplePatient, exampleRecord, type Sex } from '@casebook/api/records'
import type { ImportedPatient, ImportedRecord } from '../records/import-store.ts'
import type { TxStores } from '../stores.ts'
import { liftStatementTimeout } from '../timeouts.ts'
import { writeBatches } from './batches.ts'
import { writeNotes } from './notes.ts'
import { createPackedIds, type PackedIds } from './packed-ids.ts'
import { makeUpFamilyName } from './people.ts'
import { phrases } from './phrases.ts'
import { createRandom, type Random } from './random.ts'

export type RecordsToGenerate = {
  readonly patients: number
  readonly records: number
  /** The same seed gives the same people and the same records, but for their ids. */
  readonly seed?: number
  readonly source?: string
  /** Told how many records there are so far. */
  readonly onProgress?: (done: number) => void
}

type Transact = { transaction<T>(work: (tx: TxStores) => Promise<T>): Promise<T> }

const snomed = 'http://snomed.info/sct'
const givenNames = {
  female: ['Ada', 'Beatriz', 'Chiara', 'Dilnoza', 'Eun-ji', 'Freya', 'Grace', 'Hana', 'Ines', 'Joy'],
  male: ['Akin', 'Bruno', 'Cem', 'Dmitri', 'Emeka', 'Faisal', 'Goran', 'Hugo', 'Ivo', 'Jun'],
}
const familyNames = phrases(`
  Abara | Bianchi | Chowdhury | Dubois | Eriksen | Farouk | García | Haddad | Ivanova | Jensen | Kowalski | Li | Moreau |
  Nguyen | Okafor | Petrov | Quispe | Rossi | Santos | Tanaka`)
const clinicians = ['Dr. Amara Osei', 'Dr. Jonas Lindqvist', 'Dr. Mei Tanaka', 'Dr. Rafael Ortega']
const concepts = [
  ['encounter', '185349003', 'Encounter for check up (procedure)'],
  ['encounter', '50849002', 'Emergency room admission (procedure)'],
  ['encounter', '390906007', 'Follow-up encounter'],
  ['condition', '38341003', 'Hypertensive disorder, systemic arterial (disorder)'],
  ['condition', '44054006', 'Diabetes mellitus type 2 (disorder)'],
  ['condition', '195662009', 'Acute viral pharyngitis (disorder)'],
  ['condition', '10509002', 'Acute bronchitis (disorder)'],
  ['condition', '195967001', 'Asthma (disorder)'],
  ['procedure', '73761001', 'Colonoscopy (procedure)'],
  ['procedure', '399208008', 'Plain chest X-ray (procedure)'],
  ['observation', '75367002', 'Blood pressure (observable entity)'],
  ['observation', '27113001', 'Body weight (observable entity)'],
] as const

/** Generates patients and their records, in batches; the first ones are those of the contract's examples. */
export async function generateRecords(database: Transact, options: RecordsToGenerate): Promise<void> {
  const { patients, records, seed = 1, source = 'sample', onProgress } = options
  const random = createRandom(seed)
  const notes = createRandom(seed + 1)
  const people = createPackedIds(patients)
  await writeBatches(
    patients,
    (number) => {
      const patient = patientOf(random, number, source)
      people.add(patient.id)
      return patient
    },
    (rows) => write(database, (tx) => tx.recordImport.insertPatients(source, rows)),
  )
  let done = 0
  await writeBatches(
    records,
    (number) => recordOf(random, number, { people, source, notes }),
    async (rows) => {
      await write(database, (tx) => tx.recordImport.insertRecords(source, rows))
      done += rows.length
      onProgress?.(done)
    },
  )
}

function write(database: Transact, work: (tx: TxStores) => Promise<void>): Promise<void> {
  return database.transaction(async (tx) => {
    await liftStatementTimeout(tx.tx)
    await work(tx)
  })
}

function patientOf(random: Random, number: number, source: string): ImportedPatient {
  // The sample has always had the people whom the README shows.
  const isSample = source === 'sample'
  const isExample = number === 0 && isSample
  const sex: Sex = isExample ? examplePatient.sex : random.pick(['female', 'male'] as const)
  const names = sex === 'male' ? givenNames.male : givenNames.female
  const prefix = isSample ? 'CB' : source.toUpperCase()
  return {
    id: uuidOf(isExample ? examplePatient.id : newId('patient')),
    externalId: `patient-${number}`,
    mrn: `${prefix}-${String(number + 1).padStart(6, '0')}`,
    givenName: isExample ? examplePatient.givenName : random.pick(names),
    familyName: isExample
      ? examplePatient.familyName
      : isSample
        ? random.pick(familyNames)
        : makeUpFamilyName(random),
    birthDate: isExample ? examplePatient.birthDate : random.day(1930, 2015),
    sex,
  }
}

function recordOf(
  random: Random,
  number: number,
  { people, source, notes }: { people: PackedIds; source: string; notes: Random },
): ImportedRecord {
  const isExample = number === 0 && source === 'sample'
  const [kind, code, codeDisplay] = isExample ? concepts[0] : random.pick(concepts)
  return {
    id: uuidOf(isExample ? exampleRecord.id : newId('record')),
    externalId: `record-${number}`,
    patientId: people.at(isExample ? 0 : random.below(people.length)),
    date: isExample ? exampleRecord.date : random.day(2016, 2025),
    kind,
    status: 'final',
    title: codeDisplay.replace(/ \((?:procedure|disorder|observable entity)\)$/, ''),
    codeSystem: snomed,
    code,
    codeDisplay,
    notes: isExample ? null : writeNotes(notes, codeDisplay),
    clinician: random.pick(clinicians),
  }
}
