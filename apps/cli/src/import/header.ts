import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import type { Resource } from '../resources.ts'
import { rowSchemaOf } from './contract.ts'
import { columnsOf, type Mapping } from './mapping.ts'
import { isPassedOver, plainColumns } from './plain.ts'

/** Looks over the header of a table. Throws CommandFailure when no row below it could be imported. */
export type CheckHeader = (header: readonly string[]) => void

/**
 * Makes the check of a table's header: with a mapping, the columns that it reads; without, those of the fields that a row
 * must have, and no others than there are. Throws CommandFailure when a mapping lacks a field that rows must have.
 */
export async function createCheckHeader(
  resource: Resource['name'],
  mapping: Mapping | null,
): Promise<CheckHeader> {
  const { shape } = await rowSchemaOf(resource)
  const required = Object.entries(shape).flatMap(([field, schema]) => (isRequired(schema) ? [field] : []))
  if (mapping === null) {
    const known = new Set(Object.keys(shape).flatMap((field) => plainColumns(field, resource)))
    return (header) => {
      const needed = required.map((field) => plainColumns(field, resource))
      assertThere(needed, header)
      assertKnown(
        header.filter((column) => !known.has(column) && !isPassedOver(column, resource)),
        Object.keys(shape),
      )
    }
  }
  assertFields(
    Object.keys(mapping.fields).filter((field) => !(field in shape)),
    Object.keys(shape),
  )
  assertMapped(required.filter((field) => mapping.fields[field] === undefined))
  return (header) =>
    assertThere(
      columnsOf(mapping).map((column) => [column]),
      header,
    )
}

function isRequired(field: { safeParse(value: undefined): { success: boolean } }): boolean {
  return !field.safeParse(undefined).success
}

const howToMap =
  'rename it in the file, or map every field: --map field=COLUMN, --map field==VALUE for all rows'

/** Each column may be there under one of its names. */
function assertThere(needed: readonly (readonly string[])[], header: readonly string[]): void {
  const missing = needed.filter((names) => !names.some((name) => header.includes(name)))
  if (missing.length === 0) return
  const named = missing.map((names) => names.map((name) => `«${name}»`).join(' or '))
  throw new CommandFailure(
    `The input has no column ${named.join(', ')}; it has ${header.map((name) => `«${name}»`).join(', ')}.`,
    exitCodes.usage,
    howToMap,
  )
}

function assertKnown(unknown: readonly string[], fields: readonly string[]): void {
  if (unknown.length === 0) return
  const named = unknown.map((name) => `«${name}»`).join(', ')
  throw new CommandFailure(
    `The input has columns for which there is no field: ${named}. The fields are ${fields.join(', ')}.`,
    exitCodes.usage,
    'take them out, rename them, or map every field that is to be read: --map field=COLUMN',
  )
}

function assertFields(unknown: readonly string[], fields: readonly string[]): void {
  if (unknown.length === 0) return
  const hint = unknown.includes('status') ? 'the status of new books is said for all of them: --status' : null
  throw new CommandFailure(
    `The mapping has ${unknown.join(', ')}, which ${unknown.length === 1 ? 'is no field' : 'are no fields'}.`,
    exitCodes.usage,
    hint ?? `the fields are ${fields.join(', ')}`,
  )
}

function assertMapped(missing: readonly string[]): void {
  if (missing.length === 0) return
  throw new CommandFailure(
    `The mapping lacks ${missing.join(', ')}, which every row must have.`,
    exitCodes.usage,
    `add ${missing.map((field) => `--map ${field}=COLUMN`).join(' ')}, or --map field==VALUE for all rows`,
  )
}
