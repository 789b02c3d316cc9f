import { uuidOf, type UserId } from '@casebook/api'
import { sql } from 'kysely'
import type { Executor } from '../schema.ts'

/** The TOTP of an account; it counts once it is confirmed. */
export type SecondFactor = {
  /** Sealed by a key that the database does not hold. */
  readonly secret: string
  readonly confirmedAt: string | null
}

/** Second factors. What must not race is one statement each, by the database's clock. */
export function createSecondFactorStore(db: Executor) {
  return {
    /** Gives the factor of an account; an enrolment that is not confirmed within fifteen minutes is none any more. */
    async get(userId: UserId): Promise<SecondFactor | null> {
      const row = await db
        .selectFrom('second_factor')
        .select(['secret', 'confirmed_at'])
        .where('user_id', '=', uuidOf(userId))
        .where((on) =>
          on.or([
            on('confirmed_at', 'is not', null),
            on('created_at', '>', sql<string>`now() - interval '15 minutes'`),
          ]),
        )
        .executeTakeFirst()
      return row === undefined ? null : { secret: row.secret, confirmedAt: row.confirmed_at }
    },

    /** Keeps the secret of an enrolment instead of one that was not confirmed; false when one is confirmed. */
    async begin(userId: UserId, secret: string): Promise<boolean> {
      const row = await db
        .insertInto('second_factor')
        .values({ user_id: uuidOf(userId), secret })
        .onConflict((on) =>
          on
            .column('user_id')
            .doUpdateSet({ secret, created_at: sql<string>`now()` })
            .where('second_factor.confirmed_at', 'is', null),
        )
        .returning('user_id')
        .executeTakeFirst()
      return row !== undefined
    },

    /** Confirms an enrolment, if its secret is still the one for which the code was right. */
    async confirm(userId: UserId, { secret, step }: { secret: string; step: number }): Promise<boolean> {
      const row = await db
        .updateTable('second_factor')
        .set({ confirmed_at: sql<string>`now()`, last_step: step })
        .where('user_id', '=', uuidOf(userId))
        .where('secret', '=', secret)
        .where('confirmed_at', 'is', null)
        .returning('user_id')
        .executeTakeFirst()
      return row !== undefined
    },

    /** Takes a right code, by its time step: not twice, no earlier one after it, and none while codes are refused. */
    async takeStep(userId: UserId, step: number): Promise<boolean> {
      const row = await db
        .updateTable('second_factor')
        .set({ last_step: step, wrong_codes: 0, refused_until: null })
        .where('user_id', '=', uuidOf(userId))
        .where('confirmed_at', 'is not', null)
        .where((on) => on.or([on('last_step', 'is', null), on('last_step', '<', step)]))
        .where((on) =>
          on.or([on('refused_until', 'is', null), on('refused_until', '<=', sql<string>`now()`)]),
        )
        .returning('user_id')
        .executeTakeFirst()
      return row !== undefined
    },

    /** Counts a wrong code; from the fifth in a row on, codes are refused for fifteen minutes. */
    async countWrongCode(userId: UserId): Promise<void> {
      await db
        .updateTable('second_factor')
        .set({
          wrong_codes: sql<number>`wrong_codes + 1`,
          refused_until: sql<string>`case when wrong_codes >= 4 then now() + interval '15 minutes' end`,
        })
        .where('user_id', '=', uuidOf(userId))
        .where((on) =>
          on.or([on('refused_until', 'is', null), on('refused_until', '<=', sql<string>`now()`)]),
        )
        .execute()
    },

    /** Uses a recovery code up; of many at once, one succeeds. */
    async takeRecoveryCode(userId: UserId, codeHash: string): Promise<boolean> {
      const row = await db
        .updateTable('recovery_code')
        .set({ used_at: sql<string>`now()` })
        .where('user_id', '=', uuidOf(userId))
        .where('code_hash', '=', codeHash)
        .where('used_at', 'is', null)
        .returning('user_id')
        .executeTakeFirst()
      return row !== undefined
    },

    async replaceRecoveryCodes(userId: UserId, codeHashes: readonly string[]): Promise<void> {
      await db.deleteFrom('recovery_code').where('user_id', '=', uuidOf(userId)).execute()
      const rows = codeHashes.map((code_hash) => ({ user_id: uuidOf(userId), code_hash }))
      await db.insertInto('recovery_code').values(rows).execute()
    },

    async countRecoveryCodes(userId: UserId): Promise<number> {
      const row = await db
        .selectFrom('recovery_code')
        .select(sql<number>`count(*)::int`.as('count'))
        .where('user_id', '=', uuidOf(userId))
        .where('used_at', 'is', null)
        .executeTakeFirstOrThrow()
      return row.count
    },

    /** Takes the factor off an account, with its recovery codes; tells whether there was a confirmed one. */
    async remove(userId: UserId): Promise<boolean> {
      const row = await db
        .deleteFrom('second_factor')
        .where('user_id', '=', uuidOf(userId))
        .returning('confirmed_at')
        .executeTakeFirst()
      return row !== undefined && row.confirmed_at !== null
    },

    /** Counts the confirmed factors whose secrets do not begin with this name of a key. */
    async countSealedOtherwise(keyName: string): Promise<number> {
      const row = await db
        .selectFrom('second_factor')
        .select(sql<number>`count(*)::int`.as('count'))
        .where('confirmed_at', 'is not', null)
        .where(sql`split_part(secret, '.', 1)`, '<>', keyName)
        .executeTakeFirstOrThrow()
      return row.count
    },
  }
}
