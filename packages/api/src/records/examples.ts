import { idSchema } from '../ids.ts'
import type { Patient } from './patient-schema.ts'
import type { MedicalRecord } from './schema.ts'

/** The patient and the record that examples are about; both are in the sample data. */
export const examplePatient: Patient = {
  id: idSchema('patient').parse('pat_01jd3xq5e0f2q8n4v6z8a1b3e1'),
  mrn: 'CB-000001',
  givenName: 'Ada',
  familyName: 'Moreau',
  birthDate: '1956-08-03',
  sex: 'female',
  createdAt: '2026-01-05T09:00:00.000Z',
  updatedAt: '2026-01-05T09:00:00.000Z',
  version: 1,
}

export const exampleRecord: MedicalRecord = {
  id: idSchema('record').parse('rec_01jd3xq5e0f2q8n4v6z8a1b3e2'),
  patientId: examplePatient.id,
  date: '2024-05-17',
  kind: 'encounter',
  status: 'final',
  title: 'Encounter for check up',
  code: {
    system: 'http://snomed.info/sct',
    code: '185349003',
    display: 'Encounter for check up (procedure)',
  },
  clinician: 'Dr. Amara Osei',
  createdAt: '2026-01-05T09:00:00.000Z',
  updatedAt: '2026-01-05T09:00:00.000Z',
  version: 1,
}
