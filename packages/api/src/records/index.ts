export { examplePatient, exampleRecord } from './examples.ts'
export {
  CreatePatientInput,
  ImportPatientRow,
  ImportPatientsInput,
  ImportPatientsResult,
  LinkAccountInput,
  LinkedAccount,
  Patient,
  PatientIdInput,
  PatientListInput,
  PatientPage,
  Sex,
  UpdatePatientInput,
} from './patient-schema.ts'
export {
  AmendRecordInput,
  Code,
  CreateRecordInput,
  HistoryInput,
  ImportRecordRow,
  ImportRecordsInput,
  ImportRecordsResult,
  MedicalRecord,
  PatientRecordsInput,
  RecordIdInput,
  RecordListInput,
  RecordPage,
  RecordStatus,
  RecordStreamInput,
} from './schema.ts'
export { type PatientService, type RecordService } from './service.ts'
