import { fieldErrorsOf } from '@casebook/api/field-messages'
import { stayLean } from '../lean.ts'
import type { Resource } from '../resources.ts'
import { books, records } from './contract.ts'
import { group, mapRow, type MappedRow, type Mapping } from './mapping.ts'
import { plainRow } from './plain.ts'
import type { SourceRow } from './rows.ts'
import type { Batch, Send } from './send.ts'
import type { Rejects } from './rejects.ts'
import type { SideFile } from './side-files.ts'
import type { NoteKind } from './transforms.ts'

export type ImportCounts = {
  read: number
  created: number
  exists: number
  rejected: number
  notes: Record<NoteKind, number>
}

export type ImportRun = {
  readonly resource: Resource['name']
  readonly rows: AsyncIterable<SourceRow>
  readonly mapping: Mapping | null
  readonly batch: Omit<Batch, 'rows'>
  readonly send: Send
  readonly rejects: Rejects
  readonly notes: SideFile | null
  /** What was done before, and is not done again: as many rows as `read` says are passed over. */
  readonly before: ImportCounts
  readonly signal: AbortSignal
  /** Is told whenever all rows read so far, which end at so many bytes, have arrived or were rejected. */
  readonly onAcknowledged: (counts: ImportCounts, bytes: number) => Promise<void>
}

type Checked = { readonly mapped: MappedRow; readonly value: { readonly externalId: string } }

const batchRows = 1000
/** UTF-16 units of JSON, so at most 12 MB; a server takes 16 MB. */
const batchLength = 4_000_000

/** Counts of an import that has not begun. */
export const nothingRead: ImportCounts = {
  read: 0,
  created: 0,
  exists: 0,
  rejected: 0,
  notes: { 'isbn-taken': 0, 'isbn-repaired': 0, 'isbn-refused': 0, 'isbn-empty': 0, 'value-dropped': 0 },
}

/**
 * Reads, maps, checks and sends rows, a batch at a time; what is rejected goes to its file with the reason. Throws
 * what the signal was aborted with, once the batch under way is done.
 */
export async function runImport(run: ImportRun): Promise<ImportCounts> {
  stayLean()
  const counts: ImportCounts = structuredClone(run.before)
  try {
    await importRows(run, counts)
  } finally {
    await run.rejects.close()
    await run.notes?.close()
  }
  return counts
}

async function importRows(run: ImportRun, counts: ImportCounts): Promise<void> {
  const check = await createCheck(run.resource)
  let batch: Checked[] = []
  let passed = 0
  let length = 0
  for await (const mapped of mappedRows(run)) {
    run.signal.throwIfAborted()
    passed += 1
    if (passed <= run.before.read) continue
    counts.read += 1
    await takeNotes(run, counts, mapped)
    const checked = check(mapped)
    if ('errors' in checked) {
      await reject(run, counts, { mapped, errors: checked.errors })
      continue
    }
    batch.push(checked)
    length += JSON.stringify(checked.value).length
    if (batch.length < batchRows && length < batchLength) continue
    await sendBatch(run, counts, batch)
    await run.onAcknowledged(counts, mapped.rows.at(-1)?.end ?? 0)
    batch = []
    length = 0
  }
  await sendBatch(run, counts, batch)
}

async function* mappedRows({
  rows,
  mapping,
  resource,
}: ImportRun): AsyncGenerator<MappedRow, void, undefined> {
  if (mapping?.isGrouped === true) yield* group(mapEach(rows, mapping))
  else if (mapping !== null) yield* mapEach(rows, mapping)
  else for await (const row of rows) yield plainRow(row, resource)
}

async function* mapEach(
  rows: AsyncIterable<SourceRow>,
  mapping: Mapping,
): AsyncGenerator<MappedRow, void, undefined> {
  for await (const row of rows) yield await mapRow(row, mapping)
}

type RowErrors = readonly { readonly path: string; readonly message: string }[]
type Check = (mapped: MappedRow) => Checked | { readonly errors: RowErrors }

/** Makes the check of rows by the contract's own schema. */
async function createCheck(resource: Resource['name']): Promise<Check> {
  const schema =
    resource === 'books'
      ? (await books()).ImportBookRow
      : resource === 'records'
        ? (await records()).ImportRecordRow
        : (await records()).ImportPatientRow
  return (mapped) => {
    const problem = mapped.rows.find((row) => row.problem !== undefined)?.problem
    if (problem !== undefined) return { errors: [{ path: 'row', message: problem }] }
    const parsed = schema.safeParse(mapped.value)
    if (parsed.success) return { mapped, value: parsed.data }
    return { errors: fieldErrorsOf(parsed.error) }
  }
}

async function sendBatch(run: ImportRun, counts: ImportCounts, batch: readonly Checked[]): Promise<void> {
  if (batch.length === 0) return
  const results = await run.send({ ...run.batch, rows: batch.map(({ value }) => value) })
  for (const [index, { outcome, errors }] of results.entries()) {
    const mapped = batch[index]?.mapped
    if (outcome === 'rejected' && mapped !== undefined)
      await reject(run, counts, { mapped, errors: errors ?? [] })
    else if (outcome !== 'rejected') counts[outcome] += 1
  }
}

async function reject(
  run: ImportRun,
  counts: ImportCounts,
  { mapped, errors }: { mapped: MappedRow; errors: RowErrors },
): Promise<void> {
  counts.rejected += 1
  const columns = errors.map(({ path }) => columnOf(path, run.mapping))
  const column = [...new Set(columns)].filter((name) => name !== '').join('; ')
  const reason = errors.map(({ path, message }) => `${path} ${message}`.trim()).join('; ')
  for (const row of mapped.rows) await run.rejects.write(row, { column, reason })
}

async function takeNotes(
  run: ImportRun,
  counts: ImportCounts,
  { rows: [row], notes }: MappedRow,
): Promise<void> {
  for (const { kind, column, value, message } of notes) {
    counts.notes[kind] += 1
    if (kind === 'isbn-taken' || kind === 'isbn-empty') continue
    await run.notes?.write({ line: row.line, column, value, note: message })
  }
}

/** Gives the column of the input that a field of ours comes from. */
function columnOf(path: string, mapping: Mapping | null): string {
  const field = path.split('.')[0] ?? path
  const rule = mapping?.fields[field]
  return rule === undefined || 'constant' in rule ? field : rule.columns.join('+')
}
