import { DomainError, type FieldError } from './errors.ts'
import { maxFieldErrors } from './field-messages.ts'
import { maxImportRows } from './imports.ts'

const maxDepth = 32
/** Of a list or an object; the longest list that we take are the rows of an import. */
const maxEntries = maxImportRows

/**
 * Finds in an input what no schema of ours takes and no database can hold: NUL in text, nesting without end, and more
 * entries than anything has, of each of which a schema would complain by itself. Gives `invalid-input`, which names the
 * fields, or null.
 */
export function harmOf(value: unknown): DomainError | null {
  const errors: FieldError[] = []
  collectHarmful(value, { path: [], errors })
  const first = errors[0]
  if (first === undefined) return null
  const name = first.path === '' ? 'input' : first.path
  return new DomainError('invalid-input', { detail: `${name}: ${first.message}`, errors })
}

/** `path` is that of the value that is looked at, and the same array all along. */
type Search = { readonly path: (string | number)[]; readonly errors: FieldError[] }

function collectHarmful(value: unknown, search: Search): void {
  if (search.errors.length >= maxFieldErrors) return
  const harm = harmAt(value, search.path.length)
  if (harm !== null) {
    search.errors.push({ path: search.path.join('.'), message: harm })
  } else if (Array.isArray(value)) {
    value.forEach((inner, index) => collectWithin(search, index, inner))
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) collectWithin(search, key, inner)
  }
}

function collectWithin(search: Search, key: string | number, inner: unknown): void {
  search.path.push(key)
  collectHarmful(inner, search)
  search.path.pop()
}

/** Says what is wrong with a value itself, whatever is in it. */
function harmAt(value: unknown, depth: number): string | null {
  if (typeof value === 'string') return value.includes('\0') ? 'must not contain NUL' : null
  if (typeof value !== 'object' || value === null) return null
  if (depth >= maxDepth) return `is nested more than ${maxDepth} deep`
  if (Array.isArray(value))
    return value.length > maxEntries ? `must have at most ${maxEntries} entries` : null
  return Object.keys(value).length > maxEntries ? `must have at most ${maxEntries} fields` : null
}
