import { createRequire } from 'node:module'
import type { stringify } from 'csv-stringify/sync'

// The full-width forms, which spreadsheets of East Asia take for the same.
const formula = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/
const require = createRequire(import.meta.url)

/** Writes rows of a CSV table (RFC 4180), one column per field of the schema. */
export function csvRows(columns: readonly string[], items: readonly object[]): string {
  const rows = items.map((item) => columns.map((column) => cellOf((item as Record<string, unknown>)[column])))
  return write(rows)
}

/** Writes the header row of a CSV table. */
export function csvHeader(columns: readonly string[]): string {
  return write([[...columns]])
}

let library: { readonly stringify: typeof stringify } | undefined

/** Loads the library for the first table that anybody asks for, so that it holds up no start. */
function write(rows: string[][]): string {
  library ??= require('csv-stringify/sync') as { readonly stringify: typeof stringify }
  return library.stringify(rows, { record_delimiter: '\r\n' })
}

/** Text of a cell; one that a spreadsheet would run as a formula gets an apostrophe before it. */
function cellOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return formula.test(value) ? `'${value}` : value
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string'))
    return cellOf(value.join('; '))
  return JSON.stringify(value)
}
