import { DomainError, type Caller } from '@casebook/api'
import type { BookScope } from '@casebook/db'

/** What of the catalogue a caller sees: editors and admins all, authors their own drafts, everybody what is published. */
export function bookScope({ user }: Caller): BookScope {
  if (user === null) return { kind: 'published' }
  if (user.role === 'editor' || user.role === 'admin') return { kind: 'all' }
  return user.role === 'author' ? { kind: 'own', userId: user.id } : { kind: 'published' }
}

/**
 * Checks that a caller may change a book that it sees: editors every book, authors their own drafts.
 * Throws `not-allowed`.
 */
export function assertMayChange(scope: BookScope, book: { status: string; isOwn: boolean }): void {
  if (scope.kind === 'all') return
  if (scope.kind === 'own' && book.isOwn && book.status === 'draft') return
  throw new DomainError('not-allowed')
}
