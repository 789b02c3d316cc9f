import { fieldErrorsOf } from '@casebook/api/field-messages'
import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { books, updateSchemaOf } from '../import/contract.ts'
import type { CheckHeader } from '../import/header.ts'
import { readCell } from '../import/plain.ts'
import { isAboutReject } from '../import/rejects.ts'
import type { SourceRow } from '../import/rows.ts'
import type { Resource } from '../resources.ts'
import { asInput, type Change, type Fields, type Refusal } from './plan.ts'

export type Reading = {
  /** What every row gets, whatever it says itself. */
  readonly set: Fields
  /** Whether an empty cell takes its field away; else it leaves it as it is. */
  readonly isEmptyNull: boolean
}

/** Reads what a row asks for. */
export type ReadChange = (row: SourceRow) => Change | Refusal

/** Fields of an export that nobody sets. */
const ownFields = new Set(['createdAt', 'updatedAt'])
/** Fields that say which object is meant, or that it is to become another one: empty, they say nothing. */
const neverTakenAway = new Set(['id', 'version', 'status', 'patientId'])
/** Fields that are compared with what is there, and that no update takes. */
const comparedFields = { books: ['status'], records: ['patientId'], patients: [] } as const

/** Makes what reads rows, and checks them by the contract's own schema of an update. */
export async function createReadChange(resource: Resource['name'], reading: Reading): Promise<ReadChange> {
  const schema = await updateSchemaOf(resource)
  const { BookStatus } = await books()
  return (row) => {
    if (row.problem !== undefined) return { column: '', reason: row.problem }
    const { input, compared } = split(fieldsOf(row, reading), comparedFields[resource])
    if (resource === 'books' && !BookStatus.optional().safeParse(compared['status']).success)
      return { column: 'status', reason: 'status must be published or withdrawn' }
    const parsed = schema.safeParse(input)
    if (!parsed.success) return refusalOf(fieldErrorsOf(parsed.error))
    const { id, version, ...fields } = parsed.data
    return { id, version, fields: { ...fields, ...compared } }
  }
}

/** Throws CommandFailure for a field that no update takes. */
export async function assertFields(resource: Resource['name'], typed: readonly string[]): Promise<void> {
  const fields = await fieldsOfUpdate(resource)
  const unknown = typed.filter((field) => !fields.includes(field))
  if (unknown.length > 0)
    throw new CommandFailure(
      `--set: there is no field ${unknown.join(', ')}.`,
      exitCodes.usage,
      `the fields are ${fields.join(', ')}`,
    )
}

async function fieldsOfUpdate(resource: Resource['name']): Promise<string[]> {
  return [...Object.keys((await updateSchemaOf(resource)).shape), ...comparedFields[resource]]
}

/** Makes the check of a table's header: whether rows say which object they mean, and name fields alone that can be changed. */
export async function createCheckUpdateHeader(resource: Resource['name']): Promise<CheckHeader> {
  const fields = await fieldsOfUpdate(resource)
  const isKnown = (column: string) =>
    fields.includes(column) || ownFields.has(column) || isAboutReject(column)
  return (header) => {
    if (!header.includes('id'))
      throw new CommandFailure(
        `The input has no column «id», which says what each row is to change; it has ${header.map((name) => `«${name}»`).join(', ')}.`,
        exitCodes.usage,
        `casebook ${resource} export --output csv > ${resource}.csv has it`,
      )
    const unknown = header.filter((column) => !isKnown(column))
    if (unknown.length > 0)
      throw new CommandFailure(
        `The input has columns for which there is no field: ${unknown.map((name) => `«${name}»`).join(', ')}.`,
        exitCodes.usage,
        `take them out, or rename them; the fields are ${fields.join(', ')}`,
      )
  }
}

/** Puts the faults of a row together. */
export function refusalOf(errors: readonly { readonly path: string; readonly message: string }[]): Refusal {
  return {
    column: [...new Set(errors.map(({ path }) => path.split('.')[0] ?? path))].join('; '),
    reason: errors.map(({ path, message }) => `${path} ${message}`.trim()).join('; '),
  }
}

function fieldsOf(row: SourceRow, { set, isEmptyNull }: Reading): Fields {
  const given = asInput({ ...(row.object ?? readCells(row.cells, isEmptyNull)), ...set })
  const entries = Object.entries(given).filter(([name]) => !ownFields.has(name) && !isAboutReject(name))
  return Object.fromEntries(
    entries.map(([name, value]) => [name, name === 'version' ? number(value) : value]),
  )
}

function split(fields: Fields, apart: readonly string[]): { input: Fields; compared: Fields } {
  const of = (isApart: boolean) =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => apart.includes(name) === isApart))
  return { input: of(false), compared: of(true) }
}

function readCells(cells: Readonly<Record<string, string>>, isEmptyNull: boolean): Fields {
  const given = Object.entries(cells).filter(
    ([name, cell]) => cell !== '' || (isEmptyNull && !neverTakenAway.has(name)),
  )
  return Object.fromEntries(given.map(([name, cell]) => [name, cell === '' ? null : readCell(name, cell)]))
}

/** Cells are text; what is no number is left for the schema to refuse. */
function number(version: unknown): unknown {
  return typeof version === 'string' && /^\d{1,10}$/.test(version) ? Number(version) : version
}
