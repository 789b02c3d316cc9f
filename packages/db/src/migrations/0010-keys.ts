import { sql, type Kysely } from 'kysely'

/** API keys, known by their hashes alone; and what an act of the audit trail was done with. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table api_key (
    id uuid primary key,
    key_hash text not null unique,
    user_id uuid not null references user_account on delete cascade,
    name text not null,
    start text not null,
    access text not null check (access in ('read', 'full')),
    domains text[] check (cardinality(domains) > 0),
    created_at timestamptz(3) not null,
    expires_at timestamptz(3) not null,
    last_used_at timestamptz(3)
  )`.execute(db)
  await sql`create index api_key_user_id on api_key (user_id, id)`.execute(db)
  await sql`alter table audit_entry add column credential text`.execute(db)
}
