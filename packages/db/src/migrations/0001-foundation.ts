import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create extension if not exists pg_trgm`.execute(db)
  await sql`create table server_secret (
    name text primary key,
    value text not null
  )`.execute(db)
  await sql`create table idempotency_key (
    scope text not null,
    key text not null,
    fingerprint text not null,
    operation text not null,
    result jsonb,
    created_at timestamptz(3) not null default now(),
    primary key (scope, key)
  )`.execute(db)
  await sql`create index idempotency_key_created_at on idempotency_key (created_at)`.execute(db)
}
