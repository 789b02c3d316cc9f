import { idOf, type Caller, type PatientId, type RecordId, newUuid } from '@casebook/api'
import type {
  ImportPatientRow,
  ImportPatientsInput,
  ImportPatientsResult,
  ImportRecordRow,
  ImportRecordsInput,
  ImportRecordsResult,
} from '@casebook/api/records'
import type { AuditSubject, Database, ImportedPatient, ImportedRecord, TxStores } from '@casebook/db'
import { auditEntry, createAuditor } from '../audit/entries.ts'
import { DryRun, resultOfDryRun, retryWhenTaken, withoutRepeats, type RowResult } from '../imports.ts'

/** Creates the patients whose external identifiers are new to their source. */
export function importPatients(
  database: Database,
  caller: Caller,
  input: ImportPatientsInput,
): Promise<ImportPatientsResult> {
  return withEntries({ database, caller, action: 'records.patients.import' }, input, async (tx) => {
    await tx.recordImport.lockPatients(input.source)
    return importPatientRows(tx, input)
  })
}

/** Creates the records whose external identifiers are new to their source. */
export function importRecords(
  database: Database,
  caller: Caller,
  input: ImportRecordsInput,
): Promise<ImportRecordsResult> {
  return withEntries({ database, caller, action: 'records.import' }, input, async (tx) => {
    await tx.recordImport.lockRecords(input.source)
    return importRecordRows(tx, input)
  })
}

type Importing = { readonly database: Database; readonly caller: Caller; readonly action: string }
type Imported<I extends PatientId | RecordId> = {
  readonly results: RowResult<I>[]
  /** What was created. */
  readonly subjects: readonly AuditSubject[]
}

/**
 * Imports a batch with an audit entry of each object that it created, and one that counts them; a dry run is undone,
 * and leaves the entry of the attempt alone.
 */
async function withEntries<I extends PatientId | RecordId>(
  { database, caller, action }: Importing,
  { source, dryRun }: { source: string; dryRun: boolean },
  work: (tx: TxStores) => Promise<Imported<I>>,
): Promise<{ results: RowResult<I>[] }> {
  const auditor = createAuditor(database, caller)
  const act = { action, detail: `source=${source}${dryRun ? ' dryRun' : ''}` }
  if (!dryRun) {
    const { results } = await retryWhenTaken(() =>
      auditor.audited(
        act,
        async (tx) => {
          const imported = await work(tx)
          await tx.auditWriter.appendEach(auditEntry(caller, act), imported.subjects)
          return imported
        },
        ({ subjects }) => ({ count: subjects.length }),
      ),
    )
    return { results }
  }
  await auditor.write(act)
  return database
    .transaction(async (tx): Promise<{ results: RowResult<I>[] }> => {
      const { results } = await work(tx)
      throw new DryRun({ results })
    })
    .catch((error: unknown) => resultOfDryRun(error) as { results: RowResult<I>[] })
}

async function importPatientRows(tx: TxStores, input: ImportPatientsInput): Promise<Imported<PatientId>> {
  const { first, repeated } = withoutRepeats(input.rows)
  const known = await tx.recordImport.findPatients(
    input.source,
    first.map((row) => row.externalId),
  )
  const fresh = first.filter((row) => !known.has(row.externalId))
  const seen = await tx.recordImport.takenMrns(fresh.flatMap((row) => row.mrn ?? []))
  const patients = new Map<ImportPatientRow, ImportedPatient>()
  for (const row of fresh) {
    if (row.mrn !== undefined && seen.has(row.mrn)) continue
    if (row.mrn !== undefined) seen.add(row.mrn)
    patients.set(row, { ...row, id: newUuid(), mrn: row.mrn ?? null })
  }
  await tx.recordImport.insertPatients(input.source, [...patients.values()])
  const subjects = Array.from(patients.values(), ({ id }) => ({
    resource: idOf('patient', id),
    patientId: id,
  }))
  const results = input.rows.map((row): RowResult<PatientId> => {
    const { externalId } = row
    if (repeated.has(row)) return rejected(externalId, 'externalId', 'stands twice in this import')
    const knownId = known.get(externalId)
    if (knownId !== undefined) return { externalId, outcome: 'exists', id: idOf('patient', knownId) }
    const patient = patients.get(row)
    if (patient === undefined) return rejected(externalId, 'mrn', 'is the number of another patient')
    return { externalId, outcome: 'created', ...(input.dryRun ? {} : { id: idOf('patient', patient.id) }) }
  })
  return { results, subjects }
}

async function importRecordRows(tx: TxStores, input: ImportRecordsInput): Promise<Imported<RecordId>> {
  const { first, repeated } = withoutRepeats(input.rows)
  const known = await tx.recordImport.findRecords(
    input.source,
    first.map((row) => row.externalId),
  )
  const fresh = first.filter((row) => !known.has(row.externalId))
  const patients = await tx.recordImport.findPatients(
    input.source,
    fresh.map((row) => row.patient),
  )
  const records = new Map<ImportRecordRow, ImportedRecord>()
  for (const row of fresh) {
    const patientId = patients.get(row.patient)
    if (patientId !== undefined) records.set(row, toRecord(row, patientId))
  }
  await tx.recordImport.insertRecords(input.source, [...records.values()])
  const subjects = Array.from(records.values(), ({ id, patientId }) => ({
    resource: idOf('record', id),
    patientId,
  }))
  const results = input.rows.map((row): RowResult<RecordId> => {
    const { externalId } = row
    if (repeated.has(row)) return rejected(externalId, 'externalId', 'stands twice in this import')
    const knownId = known.get(externalId)
    if (knownId !== undefined) return { externalId, outcome: 'exists', id: idOf('record', knownId) }
    const record = records.get(row)
    if (record === undefined)
      return rejected(
        externalId,
        'patient',
        `«${row.patient}» is no patient of source ${input.source}: import the patients first, of the same source`,
      )
    return { externalId, outcome: 'created', ...(input.dryRun ? {} : { id: idOf('record', record.id) }) }
  })
  return { results, subjects }
}

function rejected(externalId: string, path: string, message: string): RowResult<never> {
  return { externalId, outcome: 'rejected', errors: [{ path, message }] }
}

function toRecord(row: ImportRecordRow, patientId: string): ImportedRecord {
  return {
    id: newUuid(),
    externalId: row.externalId,
    patientId,
    date: row.date,
    kind: row.kind,
    status: row.status,
    title: row.title,
    codeSystem: row.code?.system ?? null,
    code: row.code?.code ?? null,
    codeDisplay: row.code?.display ?? null,
    notes: row.notes ?? null,
    clinician: row.clinician ?? null,
  }
}
