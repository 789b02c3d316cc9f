import { Nothing } from '../fields.ts'
import { returns } from '../returns.ts'
import { procedure, router } from '../trpc.ts'
import { examplePatient, exampleRecord } from './examples.ts'
import {
  CreatePatientInput,
  ImportPatientsInput,
  ImportPatientsResult,
  LinkAccountInput,
  LinkedAccount,
  Patient,
  PatientAccessPage,
  PatientAccessInput,
  PatientIdInput,
  PatientListInput,
  PatientPage,
  UnlinkAccountInput,
  UpdatePatientInput,
} from './patient-schema.ts'
import { exampleUser } from '../auth/examples.ts'

const tags = ['Patients'] as const
const access = ['clinician', 'admin'] as const
const audited = true
const byId = { summary: 'By its id', input: { id: examplePatient.id } }
const fields = { givenName: 'Ada', familyName: 'Moreau', birthDate: '1956-08-03', sex: 'female' }

export const patientsRouter = router({
  list: procedure
    .meta({
      access,
      audited,
      summary: 'List patients',
      description:
        'By part of a name or medical record number, by a whole one, or by day of birth; by family name.',
      tags,
      errors: ['invalid-cursor'],
      examples: [
        { summary: 'By name', input: { q: 'moreau' }, output: { items: [examplePatient], nextCursor: null } },
      ],
      rest: { method: 'GET', path: '/patients', list: {} },
    })
    .input(PatientListInput)
    .output(returns(PatientPage))
    .query(({ ctx, input }) => ctx.patients.list(input)),

  get: procedure
    .meta({
      access,
      audited,
      summary: 'Show a patient',
      description: 'Its version is what a change of it must name, or its entity tag.',
      tags,
      errors: ['not-found'],
      examples: [{ ...byId, output: examplePatient }],
      rest: { method: 'GET', path: '/patients/{id}' },
    })
    .input(PatientIdInput)
    .output(returns(Patient))
    .query(({ ctx, input }) => ctx.patients.get(input)),

  create: procedure
    .meta({
      access,
      audited,
      summary: 'Register a patient',
      description: 'The medical record number must be free.',
      tags,
      errors: ['mrn-taken', 'idempotency-mismatch'],
      examples: [{ summary: 'A patient', input: fields, output: examplePatient }],
      rest: { method: 'POST', path: '/patients', status: 201, location: '/patients/{id}' },
    })
    .input(CreatePatientInput)
    .output(returns(Patient))
    .mutation(({ ctx, input }) => ctx.patients.create(input)),

  update: procedure
    .meta({
      access,
      audited,
      summary: 'Change a patient',
      description: 'Fields that are not named stay; null takes the medical record number away.',
      tags,
      errors: ['not-found', 'mrn-taken', 'stale'],
      examples: [
        { summary: 'A family name', input: { ...byId.input, familyName: 'Moreau' }, output: examplePatient },
      ],
      rest: { method: 'PATCH', path: '/patients/{id}' },
    })
    .input(UpdatePatientInput)
    .output(returns(Patient))
    .mutation(({ ctx, input }) => ctx.patients.update(input)),

  linkAccount: procedure
    .meta({
      access,
      audited,
      summary: 'Link an account to a patient',
      description:
        'The account then sees the records of this patient; a link that the patient had before ends.',
      tags,
      errors: ['not-found', 'account-linked', 'stale'],
      examples: [
        {
          summary: 'The sample reader',
          input: { id: examplePatient.id, username: 'reader' },
          output: { patientId: examplePatient.id, account: { id: exampleUser.id, username: 'reader' } },
        },
      ],
      rest: { method: 'PUT', path: '/patients/{id}/account' },
    })
    .input(LinkAccountInput)
    .output(returns(LinkedAccount))
    .mutation(({ ctx, input }) => ctx.patients.linkAccount(input)),

  unlinkAccount: procedure
    .meta({
      access,
      audited,
      summary: 'Take away the account that is linked to a patient',
      description: 'From then on it sees none of the patient’s records.',
      tags,
      errors: ['not-found', 'stale'],
      examples: [{ ...byId, output: null }],
      rest: { method: 'DELETE', path: '/patients/{id}/account' },
    })
    .input(UnlinkAccountInput)
    .output(returns(Nothing))
    .mutation(({ ctx, input }) => ctx.patients.unlinkAccount(input)),

  access: procedure
    .meta({
      access: { roles: ['admin'], linkedPatient: true },
      audited,
      summary: 'Show who has seen or changed a patient’s records',
      description:
        'Latest first, refusals too. For admins, and for the account that is linked to the patient, which is told the names of staff and the roles of others. Lists across patients name no patient: admins find them by `audit.list`.',
      tags,
      errors: ['not-found', 'invalid-cursor'],
      examples: [
        {
          ...byId,
          output: {
            items: [
              {
                at: '2026-01-05T09:30:00.000Z',
                role: 'clinician',
                username: 'clinician',
                action: 'records.get',
                outcome: 'allowed',
                recordId: exampleRecord.id,
              },
            ],
            nextCursor: null,
          },
        },
      ],
      rest: { method: 'GET', path: '/patients/{id}/access', list: {} },
    })
    .input(PatientAccessInput)
    .output(returns(PatientAccessPage))
    .query(({ ctx, input }) => ctx.patients.access(input)),

  import: procedure
    .meta({
      access,
      audited,
      summary: 'Import patients of another system',
      description:
        'Creates the rows whose external identifier is new, and leaves the others as they are; a bad row is rejected alone.',
      tags,
      examples: [
        { summary: 'One row', input: { source: 'synthea', rows: [{ externalId: 'p-1', ...fields }] } },
      ],
    })
    .input(ImportPatientsInput)
    .output(returns(ImportPatientsResult))
    .mutation(({ ctx, input }) => ctx.patients.import(input)),
})
