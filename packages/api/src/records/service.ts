import type { Page } from '../paging.ts'
import type { JsonText, StoredPage } from '../stored.ts'
import type {
  CreatePatientInput,
  ImportPatientsInput,
  ImportPatientsResult,
  LinkAccountInput,
  LinkedAccount,
  Patient,
  PatientAccess,
  PatientAccessInput,
  PatientIdInput,
  PatientListInput,
  UnlinkAccountInput,
  UpdatePatientInput,
} from './patient-schema.ts'
import type {
  AmendRecordInput,
  CreateRecordInput,
  HistoryInput,
  ImportRecordsInput,
  ImportRecordsResult,
  MedicalRecord,
  PatientRecordsInput,
  RecordIdInput,
  RecordListInput,
  RecordStreamInput,
} from './schema.ts'

/** Patients, as one caller may see and change them; every call is written to the audit trail. */
export type PatientService = {
  list(input: PatientListInput): Promise<Page<Patient>>
  get(input: PatientIdInput): Promise<Patient>
  create(input: CreatePatientInput): Promise<Patient>
  update(input: UpdatePatientInput): Promise<Patient>
  linkAccount(input: LinkAccountInput): Promise<LinkedAccount>
  unlinkAccount(input: UnlinkAccountInput): Promise<null>
  import(input: ImportPatientsInput): Promise<ImportPatientsResult>
  /** Who has asked for this patient and their records, latest first. */
  access(input: PatientAccessInput): Promise<Page<PatientAccess>>
}

/** Patients' records, as one caller may see and change them; every call is written to the audit trail. */
export type RecordService = {
  list(input: RecordListInput): Promise<StoredPage<MedicalRecord>>
  stream(input: RecordStreamInput): AsyncIterable<MedicalRecord>
  get(input: RecordIdInput): Promise<JsonText<MedicalRecord>>
  byPatient(input: PatientRecordsInput): Promise<StoredPage<MedicalRecord>>
  create(input: CreateRecordInput): Promise<MedicalRecord>
  /** Makes a new version; the versions before stay readable. */
  amend(input: AmendRecordInput): Promise<MedicalRecord>
  /** Every version, the first one first. */
  history(input: HistoryInput): Promise<Page<MedicalRecord>>
  import(input: ImportRecordsInput): Promise<ImportRecordsResult>
}
