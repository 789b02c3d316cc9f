import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { assertInput, openInput, readRows, type Reading, type SourceRow } from '../import/rows.ts'
import { resources, type Resource } from '../resources.ts'
import type { PlannedRow } from './plan.ts'

/** What the first line of a plan says of all the others. */
export type PlanHead = {
  readonly resource: Resource['name']
  /** Address of the server on which it was made. */
  readonly server: string
  readonly madeAt: string
}

export type PlanRow = Pick<SourceRow, 'line' | 'end'> & { readonly row: PlannedRow }

/** Writes a plan as NDJSON: a line that says what it is, and a line for each change. */
export async function* planLines(
  head: PlanHead,
  rows: AsyncIterable<PlannedRow>,
): AsyncGenerator<string, void, undefined> {
  yield `${JSON.stringify({ casebookPlan: 1, ...head })}\n`
  for await (const { id, version, before, after } of rows)
    yield `${JSON.stringify({ id, version, before, after })}\n`
}

/** Reads what a plan is of. Throws CommandFailure for what is none. */
export async function readPlanHead(file: string): Promise<PlanHead> {
  if (file === '-')
    throw new CommandFailure('A plan is read twice, and so never from standard input.', exitCodes.usage)
  assertInput(file)
  const lines = readRows(openInput(file), 'ndjson')
  const { value } = await lines.next()
  await lines.return()
  const head = value?.object as (PlanHead & { casebookPlan?: unknown }) | undefined
  if (head?.casebookPlan !== 1 || !resources.some(({ name }) => name === head.resource))
    throw new CommandFailure(
      `${file} is no plan of changes.`,
      exitCodes.usage,
      'casebook books update-many changes.csv --dry-run --out plan.ndjson makes one',
    )
  return head
}

/** Reads the changes of a plan, one by one. Throws CommandFailure. */
export async function* readPlan(file: string, reading: Reading): AsyncGenerator<PlanRow, void, undefined> {
  let isHead = true
  for await (const { line, end, object } of readRows(openInput(file), 'ndjson', reading)) {
    if (isHead) isHead = false
    else if (isPlannedRow(object)) yield { line, end, row: object }
    else throw new CommandFailure(`Line ${line} of ${file} is no change of a plan.`, exitCodes.usage)
  }
}

function isPlannedRow(object: object | undefined): object is PlannedRow {
  if (object === undefined) return false
  const { id, version, before, after } = object as Partial<Record<keyof PlannedRow, unknown>>
  return (
    typeof id === 'string' &&
    Number.isSafeInteger(version) &&
    isFields(before) &&
    isFields(after) &&
    !namesAnother(after)
  )
}

/** A change of which object, and on which version, is said beside its fields alone. */
function namesAnother(after: object): boolean {
  return 'id' in after || 'version' in after
}

function isFields(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
