import { existsSync, readFileSync } from 'node:fs'
import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { transforms, type Note } from './transforms.ts'
import { builtInMappings } from './built-in.ts'
import type { SourceRow } from './rows.ts'

/** Where a field comes from: columns and how they are read, or a constant. */
export type Rule =
  | { readonly columns: readonly string[]; readonly transform: string }
  | { readonly constant: string }
export type Mapping = {
  readonly source?: string
  readonly fields: Readonly<Record<string, Rule>>
  /** Rows with the same external identifier are one object; their contributors are put together in order. */
  readonly isGrouped?: boolean
}
export type MappedRow = {
  /** The rows it was made of: several where a mapping groups them. */
  readonly rows: readonly [SourceRow, ...SourceRow[]]
  readonly value: Record<string, unknown>
  readonly notes: readonly Note[]
}

/** Reads `field=column`, `field=column+column:transform` or `field==constant`. Throws CommandFailure. */
export function parseRule(text: string): [field: string, rule: Rule] {
  const constant = /^([\w.]+)==(.*)$/.exec(text)
  if (constant?.[1] !== undefined && constant[2] !== undefined)
    return [constant[1], { constant: constant[2] }]
  const [, field, columns, transform = 'text'] = /^(\w+)=([^:]+)(?::([\w-]+))?$/.exec(text) ?? []
  if (field === undefined || columns === undefined) {
    throw new CommandFailure(
      `--map ${text} is not understood.`,
      exitCodes.usage,
      'Write field=column, field=column:transform or field==constant',
    )
  }
  if (!Object.hasOwn(transforms, transform)) {
    throw new CommandFailure(
      `There is no transform «${transform}».`,
      exitCodes.usage,
      `Use one of ${Object.keys(transforms).join(', ')}`,
    )
  }
  return [field, { columns: columns.split('+'), transform }]
}

/** Finds the mapping that the flags ask for. Without any, null: columns are named like our fields. Throws CommandFailure. */
export function findMapping(name: string | undefined, rules: readonly string[]): Mapping | null {
  if (name === undefined && rules.length === 0) return null
  const base = name === undefined ? { fields: {} } : (builtInMappings[name] ?? readMappingFile(name))
  return { ...base, fields: { ...base.fields, ...Object.fromEntries(rules.map(parseRule)) } }
}

function readMappingFile(file: string): Mapping {
  if (!existsSync(file))
    throw new CommandFailure(
      `There is no mapping «${file}», nor a file of this name.`,
      exitCodes.usage,
      `Built in are ${Object.keys(builtInMappings).join(', ')}`,
    )
  const given = readJsonObject(file)
  const { source, fields, grouped = false, ...others } = given
  const [other] = Object.keys(others)
  if (other !== undefined) throw noMapping(file, `there is nothing called «${other}» in it`)
  if (source !== undefined && typeof source !== 'string') throw noMapping(file, '«source» is no text')
  if (typeof grouped !== 'boolean') throw noMapping(file, '«grouped» is neither true nor false')
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
    throw noMapping(file, '«fields» is no object')
  const rules = Object.entries(fields).map(([field, text]: [string, unknown]) => {
    if (typeof text !== 'string') throw noMapping(file, `«${field}» is no text such as "column:transform"`)
    return parseRule(`${field}=${text}`)
  })
  return {
    fields: Object.fromEntries(rules),
    ...(source === undefined ? {} : { source }),
    isGrouped: grouped,
  }
}

function readJsonObject(file: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw noMapping(file, (cause as Error).message)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw noMapping(file, 'it is no JSON object')
  return value as Record<string, unknown>
}

function noMapping(file: string, why: string): CommandFailure {
  return new CommandFailure(
    `${file} holds no mapping: ${why}.`,
    exitCodes.usage,
    'it looks like { "source": "shop", "grouped": false, "fields": { "title": "name", "language": "=en" } }',
  )
}

/** Names the columns that a mapping reads. */
export function columnsOf(mapping: Mapping | null): string[] {
  return Object.values(mapping?.fields ?? {}).flatMap((rule) => ('constant' in rule ? [] : rule.columns))
}

/** Turns a row into the fields of a mapping. */
export async function mapRow(row: SourceRow, mapping: Mapping): Promise<MappedRow> {
  const value: Record<string, unknown> = {}
  const notes: Note[] = []
  const cells = row.object === undefined ? row.cells : cellsOfObject(row.object)
  for (const [field, rule] of Object.entries(mapping.fields)) {
    if ('constant' in rule) {
      value[field] = rule.constant
      continue
    }
    const column = rule.columns.join('+')
    const reading = await transforms[rule.transform]?.(
      rule.columns.map((name) => cells[name] ?? ''),
      column,
    )
    if (reading?.value !== undefined) value[field] = reading.value
    notes.push(...(reading?.notes ?? []))
  }
  return { rows: [row], value, notes }
}

/** Makes cells of an object, as a table would have them: lists between semicolons, what is nested as JSON. */
function cellsOfObject(object: Readonly<Record<string, unknown>>): Record<string, string> {
  const cells = Object.entries(object).map(([name, value]) => [name, cellOf(value)] as const)
  return Object.fromEntries(cells)
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return value.join('; ')
  return JSON.stringify(value)
}

/** Puts rows of one object together: the first one's fields, and the contributors of all in order. */
export async function* group(rows: AsyncIterable<MappedRow>): AsyncGenerator<MappedRow, void, undefined> {
  const objects = new Map<unknown, MappedRow>()
  for await (const mapped of rows) {
    const { externalId } = mapped.value
    const before = objects.get(externalId)
    objects.set(externalId, before === undefined ? mapped : join(before, mapped))
  }
  yield* objects.values()
}

function join(first: MappedRow, next: MappedRow): MappedRow {
  const contributors = [...listOf(first.value['contributors']), ...listOf(next.value['contributors'])]
  return { ...first, rows: [...first.rows, ...next.rows], value: { ...first.value, contributors } }
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
