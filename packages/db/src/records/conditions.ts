import { uuidOf } from '@casebook/api'
import { sql, type Expression, type RawBuilder, type SqlBool } from 'kysely'
import { wordsOf } from '../keyset.ts'
import type { RecordFilter } from './store.ts'

type Condition = RawBuilder<SqlBool>

/** The conditions of a list: see `SiftedListing`. */
export type ListConditions = {
  readonly bounds: readonly Expression<SqlBool>[]
  readonly sieve: readonly Condition[]
  /** How many records meet all of it can't be told from how many meet each. */
  readonly isUncertain: boolean
}

/** Gives the conditions of a list's filters on the table of records. */
export function listConditions({ patientId, from, to, kind, code, q }: RecordFilter): ListConditions {
  const bounds: Condition[] = []
  if (patientId !== undefined) bounds.push(sql`patient_id = ${uuidOf(patientId)}`)
  if (from !== undefined) bounds.push(sql`date >= ${from}::date`)
  if (to !== undefined) bounds.push(sql`date <= ${to}::date`)
  if (kind !== undefined) bounds.push(sql`kind = ${kind}`)
  if (code !== undefined) bounds.push(sql`code = ${code}`)
  if (q === undefined) return { bounds, sieve: [], isUncertain: false }
  const parts = partsOf(q)
  const isAlone = parts.length <= 1 && bounds.length === 0
  // A patient has so few records that there is nothing to choose.
  return {
    bounds,
    sieve: parts.length === 0 ? [sql`false`] : parts.map(partCondition),
    isUncertain: !isAlone && patientId === undefined,
  }
}

/** The same characters that become spaces in the column `words` (migration 0007): all punctuation of ASCII. */
const punctuation = /[!-/:-@[-`{-~]+/

function partsOf(q: string): string[] {
  return wordsOf(q).flatMap((word) => word.split(punctuation).filter((part) => part !== ''))
}

/**
 * A part begins a word of the record. What is left of a text by `punctuation` needs no quoting in a query; the
 * parser of PostgreSQL may take it apart, as it did the record's text, and wants the pieces to stand side by side,
 * which `words` does not know: they all have to be there.
 */
function partCondition(part: string): Condition {
  const query = `'${part}':*`
  return sql`words @@ regexp_replace(to_tsquery('simple', ${query})::text, '<(-|\\d+)>', '&', 'g')::tsquery`
}
