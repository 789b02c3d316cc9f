import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table audit_entry (
    id uuid primary key,
    at timestamptz(3) not null,
    actor_id uuid,
    actor_username text,
    actor_role text,
    action text not null,
    outcome text not null,
    resource text,
    patient_id uuid,
    count integer,
    detail text,
    address text not null,
    request_id text not null
  )`.execute(db)
  await sql`create index audit_entry_actor on audit_entry (actor_id, id)`.execute(db)
  await sql`create index audit_entry_patient on audit_entry (patient_id, id)`.execute(db)
  await sql`create index audit_entry_request on audit_entry (request_id)`.execute(db)
  // The chain stands beside the entries, so that these are never updated, not even by the sealer.
  await sql`create table audit_seal (
    seq bigint primary key,
    entry_id uuid not null unique,
    hash text not null
  )`.execute(db)
  await sql`create table audit_head (
    only_one boolean primary key default true check (only_one),
    seq bigint not null,
    hash text not null
  )`.execute(db)
  await sql`insert into audit_head (seq, hash) values (0, '')`.execute(db)
  await sql`create function refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception 'the audit trail is append-only';
    end
  $$`.execute(db)
  for (const table of ['audit_entry', 'audit_seal']) {
    await sql`create trigger append_only before update or delete or truncate on ${sql.table(table)}
      for each statement execute function refuse_change()`.execute(db)
  }
}
