import type { AnyId, FieldError } from '@casebook/api'
import { violatedConstraint } from '@casebook/db'

/** What became of one row. */
export type RowResult<I extends AnyId> = {
  externalId: string
  outcome: 'created' | 'exists' | 'rejected'
  id?: I
  errors?: FieldError[]
}

/** Undoes the transaction of a dry run, and carries its result out. */
export class DryRun<T> extends Error {
  override readonly name = 'DryRun'
  readonly result: T

  constructor(result: T) {
    super('a dry run changes nothing')
    this.result = result
  }
}

const attempts = 3

/**
 * Does the work of an import again when something else took an ISBN or a number between its look and its write:
 * then it is seen as taken, and the row alone is rejected.
 */
export async function retryWhenTaken<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (attempt === attempts || violatedConstraint(error) === null) throw error
    }
  }
}

/** Gives the result of a dry run that was undone; throws every other error again. */
export function resultOfDryRun(error: unknown): unknown {
  if (error instanceof DryRun) return error.result
  throw error
}

/** Splits rows into the first of each external identifier and the ones that repeat it. */
export function withoutRepeats<T extends { externalId: string }>(
  rows: readonly T[],
): { first: T[]; repeated: Set<T> } {
  const seen = new Set<string>()
  const repeated = new Set<T>()
  const first = rows.filter((row) => {
    if (!seen.has(row.externalId)) return Boolean(seen.add(row.externalId))
    repeated.add(row)
    return false
  })
  return { first, repeated }
}
