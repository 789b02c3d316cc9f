import type { MappedRow } from './mapping.ts'
import type { Resource } from '../resources.ts'
import { isAboutReject } from './rejects.ts'
import type { SourceRow } from './rows.ts'

/** Fields of our own export that an import does not take: the server makes them. */
const ownFields = new Set(['id', 'createdAt', 'updatedAt', 'version'])
const listFields = new Set(['subjects'])
const jsonFields = new Set(['contributors', 'code'])

/** The columns in which a field may stand: those of our own export serve as well. */
export function plainColumns(field: string, resource: Resource['name']): readonly string[] {
  if (field === 'externalId') return ['externalId', 'id']
  if (field === 'patient' && resource === 'records') return ['patient', 'patientId']
  return [field]
}

/** Tells whether an import leaves a column aside. */
export function isPassedOver(column: string, resource: Resource['name']): boolean {
  return ownFields.has(column) || isAboutReject(column) || (column === 'status' && resource === 'books')
}

/** Reads a row whose columns are named like our fields, or an object of our own export. */
export function plainRow(row: SourceRow, resource: Resource['name']): MappedRow {
  const fields = row.object ?? readCells(row.cells)
  const value: Record<string, unknown> = Object.fromEntries(
    Object.entries(fields).filter(([name]) => !ownFields.has(name) && !isAboutReject(name)),
  )
  value['externalId'] ??= fields['id']
  if (resource === 'records' && value['patient'] === undefined) {
    value['patient'] = value['patientId']
    delete value['patientId']
  }
  if (resource === 'books') {
    // The status of an import is said for all of its rows.
    delete value['status']
    value['contributors'] = contributorsOf(value['contributors'])
  }
  return { rows: [row], value, notes: [] }
}

function readCells(cells: Readonly<Record<string, string>>): Record<string, unknown> {
  const given = Object.entries(cells).filter(([, cell]) => cell !== '')
  return Object.fromEntries(given.map(([name, cell]) => [name, readCell(name, cell)]))
}

/** Reads a cell of our own CSV as the value of its field. */
export function readCell(name: string, cell: string): unknown {
  // Our own CSV puts an apostrophe before what a spreadsheet would run.
  const text = /^'[=+\-@]/.test(cell) ? cell.slice(1) : cell
  if (listFields.has(name)) return text.split(';').map((entry) => entry.trim())
  if (!jsonFields.has(name)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Our export names contributors by author and id; an import takes a name, and the id as the author's identifier. */
function contributorsOf(value: unknown): unknown {
  if (!Array.isArray(value)) return value
  return value.map((one: unknown) => {
    if (typeof one !== 'object' || one === null || !('author' in one)) return one
    const { author, ...rest } = one
    const { id, name } = author as { id?: string; name?: string }
    return { name, ...(id === undefined ? {} : { externalId: id }), ...rest }
  })
}
