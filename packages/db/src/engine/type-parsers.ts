/** PostgreSQL's numbers of the types that we read in a form of our own. */
export const typeNumbers = { int8: 20, date: 1082, timestamptz: 1184 } as const

/**
 * Reads an instant as PostgreSQL writes it, `2026-01-05 09:00:00.5+00`, as RFC 3339 in UTC to the millisecond.
 * Behind a pooler the session's time zone may be another than UTC, and the offset then `+05:30` or `-03`.
 */
export function readInstant(text: string): string {
  const dot = text.indexOf('.')
  const end = text.indexOf('+')
  if (end === -1 || !text.endsWith('+00')) return readInstantOfZone(text)
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

// PostgreSQL writes the minutes of an offset, and the seconds that it had before about 1900, only where there are any.
const withOffset =
  /^(?<local>\d{4,}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?)(?<sign>[+-])(?<h>\d\d)(?::(?<m>\d\d))?(?::(?<s>\d\d))?$/

function readInstantOfZone(text: string): string {
  const { local, sign, h, m, s } = withOffset.exec(text)?.groups ?? {}
  if (local === undefined) return new Date(text).toISOString()
  const offset = Number(h) * 3600 + Number(m ?? 0) * 60 + Number(s ?? 0)
  const asUtc = Date.parse(`${local.replace(' ', 'T')}Z`)
  return new Date(asUtc - (sign === '-' ? -offset : offset) * 1000).toISOString()
}

/** How values come out of every engine: instants and days as text, counts as numbers. */
export const typeParsers: Readonly<Record<number, (text: string) => unknown>> = {
  [typeNumbers.int8]: Number,
  [typeNumbers.date]: (text) => text,
  [typeNumbers.timestamptz]: readInstant,
}
