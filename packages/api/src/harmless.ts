import { DomainError, type FieldError } from './errors.ts'

const maxDepth = 32
const maxErrors = 100

/**
 * Finds in an input what no schema of ours takes and no database can hold: NUL in text, and nesting without end.
 * Gives `invalid-input`, which names the fields, or null.
 */
export function harmOf(value: unknown): DomainError | null {
  const errors: FieldError[] = []
  collectHarmful(value, [], errors)
  const first = errors[0]
  if (first === undefined) return null
  const name = first.path === '' ? 'input' : first.path
  return new DomainError('invalid-input', { detail: `${name}: ${first.message}`, errors })
}

function collectHarmful(value: unknown, path: readonly string[], errors: FieldError[]): void {
  const refuse = (message: string) => void errors.push({ path: path.join('.'), message })
  if (errors.length >= maxErrors) return
  if (typeof value === 'string' && value.includes('\0')) refuse('must not contain NUL')
  if (typeof value !== 'object' || value === null) return
  if (path.length >= maxDepth) return refuse(`is nested more than ${maxDepth} deep`)
  for (const [key, inner] of Object.entries(value)) collectHarmful(inner, [...path, key], errors)
}
