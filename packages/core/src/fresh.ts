import { DomainError, type Caller } from '@casebook/api'

/**
 * Checks that the object which is about to change is still the one that the caller has read: by `If-Match`, or
 * by the version in the input. `current` is the object as the caller sees it, read under a lock.
 * Throws `stale`.
 */
export function assertFresh(caller: Caller, current: object, version?: number): void {
  if (caller.precondition !== undefined && !caller.precondition.holds(current)) throw new DomainError('stale')
  if (version !== undefined && 'version' in current && current.version !== version)
    throw new DomainError('stale')
}
