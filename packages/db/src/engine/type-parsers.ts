/** PostgreSQL's numbers of the types that we read in a form of our own. */
export const typeNumbers = { int8: 20, date: 1082, timestamptz: 1184 } as const

/** Reads an instant as PostgreSQL writes it in UTC, `2026-01-05 09:00:00.5+00`, as RFC 3339 to the millisecond. */
export function readInstant(text: string): string {
  const dot = text.indexOf('.')
  const end = text.indexOf('+')
  if (end === -1 || !text.endsWith('+00')) return new Date(text).toISOString()
  const seconds = dot === -1 ? text.slice(0, end) : text.slice(0, dot)
  const millis =
    dot === -1
      ? '000'
      : text
          .slice(dot + 1, end)
          .padEnd(3, '0')
          .slice(0, 3)
  return `${seconds.replace(' ', 'T')}.${millis}Z`
}

/** How values come out of every engine: instants and days as text, counts as numbers. */
export const typeParsers: Readonly<Record<number, (text: string) => unknown>> = {
  [typeNumbers.int8]: Number,
  [typeNumbers.date]: (text) => text,
  [typeNumbers.timestamptz]: readInstant,
}
