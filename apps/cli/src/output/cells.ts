/** Text of a value for people: lists joined, contributors and codes by their names. */
export function cellText(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(cellText).join('; ')
  if (typeof value !== 'object') return plainText(value)
  const fields = value as Record<string, unknown>
  const named = fields['author'] ?? fields['display'] ?? fields['name'] ?? fields['username']
  return named === undefined ? JSON.stringify(value) : cellText(named)
}

// The full-width forms, which spreadsheets of East Asia take for the same.
const formula = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/

/** Text of a value for a CSV cell; one that a spreadsheet would run as a formula gets an apostrophe before it. */
export function csvCell(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return formula.test(value) ? `'${value}` : value
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string'))
    return csvCell(value.join('; '))
  return typeof value === 'object' ? JSON.stringify(value) : plainText(value)
}

function plainText(value: unknown): string {
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
    ? `${value}`
    : ''
}
