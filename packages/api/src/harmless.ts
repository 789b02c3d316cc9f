import { DomainError } from './errors.ts'

const maxDepth = 32

/**
 * Refuses input that no schema of ours takes and no database can hold: NUL in text, and nesting without end.
 * Throws `invalid-input`, which names the field.
 */
export function assertHarmless(value: unknown, path: readonly string[] = []): void {
  if (typeof value === 'string' && value.includes('\0')) throw refused(path, 'must not contain NUL')
  if (typeof value !== 'object' || value === null) return
  if (path.length >= maxDepth) throw refused(path, `is nested more than ${maxDepth} deep`)
  for (const [key, inner] of Object.entries(value)) assertHarmless(inner, [...path, key])
}

function refused(path: readonly string[], message: string): DomainError {
  const name = path.join('.')
  return new DomainError('invalid-input', {
    detail: `${name === '' ? 'input' : name}: ${message}`,
    errors: [{ path: name, message }],
  })
}
