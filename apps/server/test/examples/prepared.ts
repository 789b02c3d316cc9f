import { createHash } from 'node:crypto'
import { uuidOf } from '@casebook/api'
import {
  exampleInvitation,
  exampleKey,
  exampleOtherKey,
  exampleSession,
  exampleUser,
} from '@casebook/api/auth'
import type { Database } from '@casebook/db'
import { sql } from 'kysely'

/** The key that the example of a reset shows. */
export const exampleResetKey = 'Zk3…'

/** Makes what examples speak of and sample data cannot have: a session, API keys, an invitation and a reset key. */
export async function prepareExamples({ kysely }: Database): Promise<void> {
  const user = uuidOf(exampleUser.id)
  const hash = createHash('sha256').update(exampleResetKey).digest('hex')
  await sql`insert into session
    (id, public_id, user_id, kind, created_at, last_used_at, expires_at, absolute_expires_at)
    values ('none', ${uuidOf(exampleSession.id)}, ${user}, 'bearer', now(), now(),
      now() + interval '1 hour', now() + interval '1 hour')`.execute(kysely)
  for (const key of [exampleKey, exampleOtherKey]) {
    await sql`insert into api_key (id, key_hash, user_id, name, start, access, created_at, expires_at)
      values (${uuidOf(key.id)}, ${key.id}, ${user}, ${key.name}, ${key.start}, 'read', now(),
        now() + interval '1 day')`.execute(kysely)
  }
  await sql`insert into invitation (id, token_hash, email, email_key, role, created_at, expires_at)
    values (${uuidOf(exampleInvitation.id)}, 'none', 'early@casebook.example', 'early@casebook.example',
      'clinician', now(), now() + interval '1 day')`.execute(kysely)
  await sql`insert into password_reset (key_hash, user_id, expires_at)
    values (${hash}, ${user}, now() + interval '30 minutes')
    on conflict (key_hash) do update set used_at = null, expires_at = excluded.expires_at`.execute(kysely)
}
