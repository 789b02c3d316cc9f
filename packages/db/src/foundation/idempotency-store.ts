import { sql } from 'kysely'
import type { Executor, Tx } from '../schema.ts'

export type IdempotencyClaim = {
  /** Whose key it is: keys of different callers are different. */
  readonly scope: string
  readonly key: string
  readonly fingerprint: string
  readonly operation: string
}

export type ClaimOutcome =
  | { readonly kind: 'new' }
  | { readonly kind: 'replay'; readonly result: unknown }
  | { readonly kind: 'mismatch' }

/** Idempotency keys, kept by the transaction that does the work. */
export function createIdempotencyStore(tx: Tx) {
  return {
    /** Claims a key, after waiting for another transaction that has claimed it. */
    async claim({ scope, key, fingerprint, operation }: IdempotencyClaim): Promise<ClaimOutcome> {
      const inserted = await tx
        .insertInto('idempotency_key')
        .values({ scope, key, fingerprint, operation })
        .onConflict((on) => on.doNothing())
        .returning('key')
        .executeTakeFirst()
      if (inserted !== undefined) return { kind: 'new' }
      const row = await tx
        .selectFrom('idempotency_key')
        .select(['fingerprint', 'operation', 'result'])
        .where('scope', '=', scope)
        .where('key', '=', key)
        .executeTakeFirstOrThrow()
      const isSame = row.fingerprint === fingerprint && row.operation === operation
      return isSame ? { kind: 'replay', result: row.result } : { kind: 'mismatch' }
    },

    async keep(claim: IdempotencyClaim, result: unknown): Promise<void> {
      await tx
        .updateTable('idempotency_key')
        .set({ result: JSON.stringify(result) })
        .where('scope', '=', claim.scope)
        .where('key', '=', claim.key)
        .execute()
    },
  }
}

/** Forgets keys that are older than a day. */
export async function purgeIdempotencyKeys(db: Executor): Promise<void> {
  await db
    .deleteFrom('idempotency_key')
    .where('created_at', '<', sql<string>`now() - interval '24 hours'`)
    .execute()
}
