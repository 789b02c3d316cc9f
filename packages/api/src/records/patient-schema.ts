import { z } from 'zod'
import { AuditOutcome } from '../audit/schema.ts'
import { Role } from '../auth/schema.ts'
import { Day, Instant, lineSchema, ReadVersion, SearchText, Version } from '../fields.ts'
import { addressSchema, idSchema } from '../ids.ts'
import { ExternalId, importFields, importResultSchema, maxImportRows, ofRows } from '../imports.ts'
import { pageFields, pageOf } from '../paging.ts'

/** Administrative gender (FHIR R4). */
export const Sex = z.enum(['male', 'female', 'other', 'unknown'])
export type Sex = z.output<typeof Sex>

const Mrn = lineSchema(64).describe('Medical record number, of one patient alone')
const GivenName = lineSchema(200).describe('Given name')
const FamilyName = lineSchema(200).describe('Family name')
const BirthDate = Day.describe('Day of birth')
const ofSex = 'Administrative gender (FHIR R4)'

export const Patient = z
  .strictObject({
    id: idSchema('patient'),
    /** Medical record number. */
    mrn: z.string().max(64).optional(),
    givenName: z.string().max(200),
    familyName: z.string().max(200),
    birthDate: Day,
    sex: Sex,
    createdAt: Instant,
    updatedAt: Instant,
    version: Version,
  })
  .meta({ id: 'Patient' })
export type Patient = z.output<typeof Patient>

const patientFields = {
  givenName: GivenName,
  familyName: FamilyName,
  birthDate: BirthDate,
  sex: Sex.describe(ofSex),
}

export const CreatePatientInput = z.strictObject({ mrn: Mrn.optional(), ...patientFields })
export type CreatePatientInput = z.output<typeof CreatePatientInput>

export const UpdatePatientInput = z.strictObject({
  id: addressSchema('patient'),
  mrn: Mrn.nullable().optional(),
  givenName: GivenName.optional(),
  familyName: FamilyName.optional(),
  birthDate: BirthDate.optional(),
  sex: Sex.optional().describe(ofSex),
  version: ReadVersion.optional(),
})
export type UpdatePatientInput = z.output<typeof UpdatePatientInput>

export const PatientIdInput = z.strictObject({ id: addressSchema('patient') })
export type PatientIdInput = z.output<typeof PatientIdInput>

/** `q` is looked for in names and medical record numbers. */
export const PatientListInput = z.strictObject({
  q: SearchText.optional().describe('Part of a name or of a medical record number'),
  mrn: Mrn.optional().describe('Medical record number, whole'),
  birthDate: Day.optional().describe('Day of birth'),
  ...pageFields,
})
export type PatientListInput = z.output<typeof PatientListInput>
export const PatientPage = pageOf(Patient)

export const LinkAccountInput = z.strictObject({
  id: addressSchema('patient'),
  username: z.string().min(1).max(254).describe('User name, or the address if it is verified'),
})
export type LinkAccountInput = z.output<typeof LinkAccountInput>

export const UnlinkAccountInput = z.strictObject({
  id: addressSchema('patient'),
  username: z.string().min(1).max(254).optional().describe('Take only this account away'),
})
export type UnlinkAccountInput = z.output<typeof UnlinkAccountInput>

/** The account that may see a patient's records. */
export const LinkedAccount = z
  .strictObject({
    patientId: idSchema('patient'),
    account: z.strictObject({ id: idSchema('user'), username: z.string().max(64) }),
  })
  .meta({ id: 'LinkedAccount' })
export type LinkedAccount = z.output<typeof LinkedAccount>

export const PatientAccessInput = z.strictObject({ id: addressSchema('patient'), ...pageFields })
export type PatientAccessInput = z.output<typeof PatientAccessInput>

/** One act on a patient or their records, as the patient may know of it. */
export const PatientAccess = z
  .strictObject({
    at: Instant,
    /** Absent when the call had no valid credential. */
    role: Role.optional(),
    /** Name of the account; to the patient only that of staff, and their own. */
    username: z.string().max(64).optional(),
    /** The procedure, such as `records.get`. */
    action: z.string().max(100),
    outcome: AuditOutcome,
    /** Id of the record, where it was one. */
    recordId: idSchema('record').optional(),
  })
  .meta({ id: 'PatientAccess' })
export type PatientAccess = z.output<typeof PatientAccess>
export const PatientAccessPage = pageOf(PatientAccess)

export const ImportPatientRow = z.strictObject({
  externalId: ExternalId,
  mrn: Mrn.optional(),
  ...patientFields,
})
export type ImportPatientRow = z.output<typeof ImportPatientRow>
export const ImportPatientsInput = z.strictObject({
  ...importFields,
  rows: z.array(ImportPatientRow).min(1).max(maxImportRows).describe(ofRows),
})
export type ImportPatientsInput = z.output<typeof ImportPatientsInput>
export const ImportPatientsResult = importResultSchema(idSchema('patient'))
export type ImportPatientsResult = z.output<typeof ImportPatientsResult>
