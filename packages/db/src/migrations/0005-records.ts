import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table patient (
    id uuid primary key,
    mrn text constraint patient_mrn_key unique,
    given_name text not null,
    family_name text not null,
    birth_date date not null,
    sex text not null check (sex in ('male', 'female', 'other', 'unknown')),
    account_id uuid constraint patient_account_key unique references user_account on delete set null,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    version integer not null
  )`.execute(db)
  await sql`create index patient_name on patient (family_name, given_name, id)`.execute(db)
  await sql`create table patient_identifier (
    source text not null,
    external_id text not null,
    patient_id uuid not null references patient on delete cascade,
    primary key (source, external_id)
  )`.execute(db)
  await sql`create index patient_identifier_patient on patient_identifier (patient_id)`.execute(db)
  await sql`create table record (
    id uuid primary key,
    patient_id uuid not null references patient,
    date date not null,
    kind text not null,
    status text not null check (status in ('preliminary', 'final', 'amended', 'entered-in-error')),
    title text not null,
    code_system text,
    code text,
    code_display text,
    notes text,
    clinician text,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    version integer not null
  )`.execute(db)
  await sql`create index record_by_date on record (date, id)`.execute(db)
  await sql`create index record_by_patient on record (patient_id, date, id)`.execute(db)
  await sql`create index record_by_code on record (code, date, id)`.execute(db)
  // The versions before the present one: the row of record as it was. The present one is in record alone.
  await sql`create table record_version (
    record_id uuid not null references record,
    version integer not null,
    patient_id uuid not null,
    date date not null,
    kind text not null,
    status text not null,
    title text not null,
    code_system text,
    code text,
    code_display text,
    notes text,
    clinician text,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    primary key (record_id, version)
  )`.execute(db)
  await sql`create trigger append_only before update or delete or truncate on record_version
    for each statement execute function refuse_change()`.execute(db)
  await sql`create table record_identifier (
    source text not null,
    external_id text not null,
    record_id uuid not null references record on delete cascade,
    primary key (source, external_id)
  )`.execute(db)
  await sql`create index record_identifier_record on record_identifier (record_id)`.execute(db)
}
