import { DomainError, type Caller } from '@casebook/api'
import type { TxStores } from '@casebook/db'

/**
 * Does the work of a create, once for each idempotency key of the caller: a second call with the key and the
 * same request gets the first result again. Throws `idempotency-mismatch` for the key with another request.
 */
export async function once<T>(
  tx: TxStores,
  { caller, operation }: { caller: Caller; operation: string },
  work: () => Promise<T>,
): Promise<T> {
  return onceAgain(tx, { caller, operation }, { work, again: async (result) => result })
}

/**
 * Does the work of a create as `once` does; a second call gets what `again` makes of the first result, for
 * answers that hold what must not be kept.
 */
export async function onceAgain<T>(
  tx: TxStores,
  { caller, operation }: { caller: Caller; operation: string },
  { work, again }: { work: () => Promise<T>; again: (result: T) => Promise<T> },
): Promise<T> {
  if (caller.idempotency === undefined) return work()
  const claim = { scope: caller.user?.id ?? 'anonymous', operation, ...caller.idempotency }
  const outcome = await tx.idempotency.claim(claim)
  switch (outcome.kind) {
    case 'mismatch':
      throw new DomainError('idempotency-mismatch')
    case 'replay':
      return again(outcome.result as T)
    case 'new': {
      const result = await work()
      await tx.idempotency.keep(claim, result)
      return result
    }
  }
}
