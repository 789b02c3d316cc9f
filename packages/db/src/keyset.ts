import { sql, type Expression, type RawBuilder, type SqlBool } from 'kysely'

/**
 * Compares a row with the last one of the page before, as whole rows: `(a, id) > (x, y)`. Only that form lets
 * PostgreSQL seek in an index.
 */
export function isAfter(
  columns: readonly RawBuilder<unknown>[],
  keyset: readonly (string | number)[],
  direction: 'asc' | 'desc',
): Expression<SqlBool> {
  const operator = direction === 'asc' ? sql`>` : sql`<`
  return sql<SqlBool>`(${sql.join(columns)}) ${operator} (${sql.join(keyset.map((value) => sql`${value}`))})`
}

/**
 * The same, with values that the planner does not look at, so that a statement which is prepared gets one plan for
 * all of them: it would plan anew each time, for fear of a bad one. `types` are those of the columns.
 */
export function isAfterUnseen(
  columns: readonly RawBuilder<unknown>[],
  keyset: readonly string[],
  { direction, types }: { direction: 'asc' | 'desc'; types: readonly string[] },
): Expression<SqlBool> {
  const operator = direction === 'asc' ? sql`>` : sql`<`
  const values = keyset.map((value, index) => sql`(select ${value}::${sql.raw(types[index] ?? 'text')})`)
  return sql<SqlBool>`(${sql.join(columns)}) ${operator} (${sql.join(values)})`
}

/** Words of a search text; more than eight are no more precise. */
export function wordsOf(q: string | undefined): string[] {
  return (q ?? '')
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, 8)
}

/** Makes a pattern that finds a text anywhere, with its `%`, `_` and `\` taken literally. */
export function containsPattern(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
}
