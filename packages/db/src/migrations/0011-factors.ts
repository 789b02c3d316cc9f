import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table user_account add column email_verified_at timestamptz(3)`.execute(db)
  // Only the hash of a key is kept, and the address that the key was sent to.
  await sql`create table email_verification (
    key_hash text primary key,
    user_id uuid not null references user_account on delete cascade,
    email_key text not null,
    expires_at timestamptz(3) not null,
    used_at timestamptz(3)
  )`.execute(db)
  await sql`create index email_verification_user_id on email_verification (user_id)`.execute(db)
  // A mail with a key is written when it is sent, so that no key ever stands in the queue.
  await sql`alter table mail add column kind text not null default 'text'`.execute(db)

  // The secret is sealed by a key that the database does not hold. A factor counts once it is confirmed.
  await sql`create table second_factor (
    user_id uuid primary key references user_account on delete cascade,
    secret text not null,
    created_at timestamptz(3) not null default now(),
    confirmed_at timestamptz(3),
    last_step integer,
    wrong_codes integer not null default 0,
    refused_until timestamptz(3)
  )`.execute(db)
  await sql`create table recovery_code (
    user_id uuid not null references second_factor on delete cascade,
    code_hash text not null,
    used_at timestamptz(3),
    primary key (user_id, code_hash)
  )`.execute(db)
}
