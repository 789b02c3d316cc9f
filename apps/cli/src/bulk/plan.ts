import { isDeepStrictEqual } from 'node:util'

/** Fields and their values, as an update takes them. */
export type Fields = Readonly<Record<string, unknown>>

/** A change of one object that was planned on this version of it. */
export type PlannedRow = {
  readonly id: string
  readonly version: number
  readonly before: Fields
  readonly after: Fields
}

/** What a row of a file asks for; `version` is the one that whoever wrote the row has seen. */
export type Change = { readonly id: string; readonly version?: number | undefined; readonly fields: Fields }

/** An object as it stands on the server. */
export type Present = Fields & { readonly version: number }

/** Why a row is not done: the column, where it is the fault of one, and the reason. */
export type Refusal = { readonly column: string; readonly reason: string }

/** What is to be done for a row: a change, nothing since everything is as it is to be, or nothing since it may not. */
export type Judged = PlannedRow | 'unchanged' | Refusal

export function isRefusal(judged: Judged): judged is Refusal {
  return judged !== 'unchanged' && 'reason' in judged
}

const notThere: Refusal = { column: 'id', reason: 'is not there, or not yours to see' }

/** Plans a change on what is there now; null says that nothing is. */
export function planChange({ id, version, fields }: Change, present: Present | null): Judged {
  if (present === null) return notThere
  const { before, after } = differences(present, fields)
  if (Object.keys(after).length === 0) return 'unchanged'
  if (version !== undefined && version !== present.version)
    return { column: 'version', reason: `has changed since version ${version}: it is at ${present.version}` }
  if ('patientId' in after) return { column: 'patientId', reason: 'cannot be changed' }
  if (after['status'] === 'draft') return { column: 'status', reason: 'cannot be draft again' }
  return { id, version: present.version, before, after }
}

/** Judges a planned row by what is there now: it is refused when the object has changed since. */
export function checkPlanned(row: PlannedRow, present: Present | null): Judged {
  if (present === null) return notThere
  const { before, after } = differences(present, row.after)
  const left = Object.keys(after)
  if (left.length === 0) return 'unchanged'
  // A book whose fields were changed, and whose status was to follow when the run ended.
  const isHalfDone =
    isDeepStrictEqual(left, ['status']) &&
    Object.keys(row.after).length > 1 &&
    present.version === row.version + 1
  if (present.version === row.version || isHalfDone)
    return { id: row.id, version: present.version, before, after }
  return {
    column: 'version',
    reason: `has changed since version ${row.version}: it is at ${present.version}`,
  }
}

/** Gives the fields that are to be other than they are, as they are and as they are to be. */
function differences(present: Present, fields: Fields): { before: Fields; after: Fields } {
  const shown = asInput(present)
  const changed = Object.entries(fields).filter(
    ([field, value]) => !isDeepStrictEqual(shown[field] ?? null, value),
  )
  return {
    before: Object.fromEntries(changed.map(([field]) => [field, shown[field] ?? null])),
    after: Object.fromEntries(changed),
  }
}

/** Writes an object, or a row that looks like one, as updates take it: contributors by the ids of their authors. */
export function asInput(fields: Fields): Fields {
  const { contributors } = fields
  if (!Array.isArray(contributors)) return fields
  return { ...fields, contributors: contributors.map(contributorInput) }
}

function contributorInput(one: unknown): unknown {
  if (typeof one !== 'object' || one === null || !('author' in one)) return one
  const { author, ...rest } = one
  return { authorId: (author as { id?: unknown } | null)?.id, ...rest }
}
