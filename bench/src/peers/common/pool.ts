import pg from 'pg'

/** PostgreSQL's numbers of the types that are read as text, and not as `Date`. */
const day = 1082
const instant = 1184

/** Opens the pool of a contender: ten connections to DATABASE_URL, the same for all, and as many as ours has. */
export function openPool(): pg.Pool {
  const readers: Readonly<Record<number, (text: string) => string>> = {
    [day]: (text) => text,
    [instant]: instantOf,
  }
  return new pg.Pool({
    connectionString: process.env['DATABASE_URL'],
    max: 10,
    options: '-c TimeZone=UTC',
    types: { getTypeParser: (type, format) => readers[type] ?? pg.types.getTypeParser(type, format) },
  })
}

/** Reads `2026-01-05 09:00:00.5+00` as RFC 3339 to the millisecond. */
function instantOf(text: string): string {
  const millis = text.slice(20, -3).padEnd(3, '0')
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${millis}Z`
}
