import { randomBytes } from 'node:crypto'
import type { Executor } from '../schema.ts'

/** Gives the 32 bytes that all servers of this database share under a name; makes them when they are new. */
export async function readSecret(db: Executor, name: string): Promise<Buffer> {
  const value = randomBytes(32).toString('base64url')
  await db
    .insertInto('server_secret')
    .values({ name, value })
    .onConflict((on) => on.doNothing())
    .execute()
  const row = await db
    .selectFrom('server_secret')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirstOrThrow()
  return Buffer.from(row.value, 'base64url')
}
