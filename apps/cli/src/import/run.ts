import { fieldErrorsOf } from '@casebook/api/field-messages'
import { stayLean } from '../lean.ts'
import type { Resource } from '../resources.ts'
import { rowSchemaOf } from './contract.ts'
import { group, mapRow, type MappedRow, type Mapping } from './mapping.ts'
import { plainRow } from './plain.ts'
import type { SourceRow } from './rows.ts'
import type { Batch, RowResult, Send } from './send.ts'
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
type Rejected = { readonly mapped: MappedRow; readonly errors: RowErrors }

/** Rows that are read and checked together; those that passed are sent together. */
type Lot = {
  readonly passed: Checked[]
  readonly rejected: Rejected[]
  /** Rows of which there is something to note. */
  readonly noted: MappedRow[]
  read: number
  /** Bytes of the input up to its end. */
  end: number
}

const lotRows = 1000
/** UTF-16 units of JSON, so at most 12 MB; a server takes 16 MB. */
const lotLength = 4_000_000

/** Counts of an import that has not begun. */
export const nothingRead: ImportCounts = {
  read: 0,
  created: 0,
  exists: 0,
  rejected: 0,
  notes: { 'isbn-taken': 0, 'isbn-repaired': 0, 'isbn-refused': 0, 'isbn-empty': 0, 'value-dropped': 0 },
}

/**
 * Reads, maps, checks and sends rows, a batch at a time; what is rejected goes to its file with the reason. While one
 * batch is under way the next is read, and sent if that changes nothing. Throws what the signal was aborted with, once
 * the batches under way are done.
 */
export async function runImport(run: ImportRun): Promise<ImportCounts> {
  stayLean()
  const counts: ImportCounts = structuredClone(run.before)
  try {
    for await (const sending of oneAhead(sendingsOf(run))) {
      await settle(run, counts, sending)
      await run.onAcknowledged(counts, sending.lot.end)
    }
  } finally {
    await run.rejects.close()
    await run.notes?.close()
  }
  return counts
}

/** Gives items in their order, while the one after is being made. */
async function* oneAhead<T>(items: AsyncGenerator<T, void, undefined>): AsyncGenerator<T, void, undefined> {
  let next = items.next()
  for (;;) {
    const { done, value } = await next
    if (done === true) return
    next = items.next()
    // It is thrown when its turn comes.
    next.catch(() => undefined)
    yield value
  }
}

type Sending = { readonly lot: Lot; readonly answer: Promise<readonly RowResult[]> }

/** Reads lots, and begins to send each: beside the one before it, or after. */
async function* sendingsOf(run: ImportRun): AsyncGenerator<Sending, void, undefined> {
  let before: Sending | null = null
  for await (const lot of lotsOf(run)) {
    if (before !== null && !areApart(run, before.lot, lot)) await before.answer.catch(() => undefined)
    run.signal.throwIfAborted()
    const answer = send(run, lot)
    // It is thrown when its turn comes.
    answer.catch(() => undefined)
    before = { lot, answer }
    yield before
  }
}

/**
 * Tells whether it is all the same which of two lots arrives first. With patients and books it is not: the same number
 * or author may be in both.
 */
function areApart({ resource }: ImportRun, one: Lot, other: Lot): boolean {
  if (resource !== 'records') return false
  const ids = new Set(one.passed.map(({ value }) => value.externalId))
  return !other.passed.some(({ value }) => ids.has(value.externalId))
}

async function send(run: ImportRun, { passed }: Lot): Promise<readonly RowResult[]> {
  return passed.length === 0 ? [] : run.send({ ...run.batch, rows: passed.map(({ value }) => value) })
}

async function* lotsOf(run: ImportRun): AsyncGenerator<Lot, void, undefined> {
  const check = await createCheck(run.resource)
  let lot = emptyLot()
  let length = 0
  let known = run.before.read
  for await (const mapped of mappedRows(run)) {
    run.signal.throwIfAborted()
    if (known > 0) {
      known -= 1
      continue
    }
    addRow(lot, mapped, check(mapped))
    length += JSON.stringify(mapped.value).length
    if (lot.passed.length < lotRows && lot.rejected.length < lotRows && length < lotLength) continue
    yield lot
    lot = emptyLot()
    length = 0
  }
  if (lot.read > 0) yield lot
}

function emptyLot(): Lot {
  return { passed: [], rejected: [], noted: [], read: 0, end: 0 }
}

function addRow(lot: Lot, mapped: MappedRow, checked: Checked | Rejected): void {
  lot.read += 1
  lot.end = mapped.rows.at(-1)?.end ?? lot.end
  if (mapped.notes.length > 0) lot.noted.push(mapped)
  if ('errors' in checked) lot.rejected.push(checked)
  else lot.passed.push(checked)
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
type Check = (mapped: MappedRow) => Checked | Rejected

/** Makes the check of rows by the contract's own schema. */
async function createCheck(resource: Resource['name']): Promise<Check> {
  const schema = await rowSchemaOf(resource)
  return (mapped) => {
    const problem = mapped.rows.find((row) => row.problem !== undefined)?.problem
    if (problem !== undefined) return { mapped, errors: [{ path: 'row', message: problem }] }
    const parsed = schema.safeParse(mapped.value)
    if (parsed.success) return { mapped, value: parsed.data }
    return { mapped, errors: fieldErrorsOf(parsed.error) }
  }
}

/** Waits for the answer, and writes what was rejected of a lot, here or by the server, and what there is to note. */
async function settle(run: ImportRun, counts: ImportCounts, { lot, answer }: Sending): Promise<void> {
  const results = await answer
  for (const mapped of lot.noted) await takeNotes(run, counts, mapped)
  const rejected = [...lot.rejected]
  for (const [index, { outcome, errors }] of results.entries()) {
    const mapped = lot.passed[index]?.mapped
    if (outcome === 'rejected' && mapped !== undefined) rejected.push({ mapped, errors: errors ?? [] })
    else if (outcome !== 'rejected') counts[outcome] += 1
  }
  const lineOf = ({ mapped: { rows } }: Rejected) => rows[0].line
  for (const row of rejected.toSorted((one, other) => lineOf(one) - lineOf(other)))
    await reject(run, counts, row)
  counts.read += lot.read
}

async function reject(run: ImportRun, counts: ImportCounts, { mapped, errors }: Rejected): Promise<void> {
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
