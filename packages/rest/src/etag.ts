import { hash } from 'node:crypto'
import type { Precondition } from './meta.ts'
import type { Serialise } from './serialise.ts'

/** Makes the strong entity tag of a body (RFC 9110, 8.8.3). */
export function etagOf(body: string | Uint8Array): string {
  return `"${hash('sha256', body, 'base64url').slice(0, 27)}"`
}

/** Tells whether `If-None-Match` names the tag, by weak comparison. */
export function isNoneMatch(header: string, etag: string): boolean {
  return header.trim() === '*' || tagsOf(header).some((tag) => tag.replace(/^W\//, '') === etag)
}

/** Makes the precondition of an `If-Match` header, by strong comparison with the object as it is now. */
export function preconditionOf(header: string | undefined, serialise: Serialise): Precondition | undefined {
  if (header === undefined) return undefined
  if (header.trim() === '*') return { holds: () => true }
  const tags = tagsOf(header)
  return { holds: (current) => tags.includes(etagOf(serialise(current))) }
}

function tagsOf(header: string): string[] {
  return header.split(',').map((tag) => tag.trim())
}
