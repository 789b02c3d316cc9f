import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table user_account (
    id uuid primary key,
    username text not null,
    username_key text not null constraint user_username_key unique,
    email text not null,
    email_key text not null constraint user_email_key unique,
    password_hash text not null,
    role text not null check (role in ('reader', 'author', 'editor', 'clinician', 'admin')),
    failed_logins integer not null default 0,
    locked_until timestamptz(3),
    created_at timestamptz(3) not null,
    disabled_at timestamptz(3)
  )`.execute(db)
  await sql`create table session (
    id text primary key,
    public_id uuid not null unique,
    user_id uuid not null references user_account on delete cascade,
    kind text not null check (kind in ('bearer', 'cookie')),
    created_at timestamptz(3) not null,
    last_used_at timestamptz(3) not null,
    expires_at timestamptz(3) not null,
    absolute_expires_at timestamptz(3) not null,
    address text,
    user_agent text
  )`.execute(db)
  await sql`create index session_user_id on session (user_id, public_id)`.execute(db)
  await sql`create table password_reset (
    key_hash text primary key,
    user_id uuid not null references user_account on delete cascade,
    expires_at timestamptz(3) not null,
    used_at timestamptz(3)
  )`.execute(db)
  await sql`create index password_reset_user_id on password_reset (user_id)`.execute(db)
  await sql`create table invitation (
    id uuid primary key,
    token_hash text not null unique,
    email text not null,
    email_key text not null,
    role text not null,
    created_at timestamptz(3) not null,
    expires_at timestamptz(3) not null,
    used_at timestamptz(3)
  )`.execute(db)
  await sql`create table mail (
    id uuid primary key,
    recipient text not null,
    subject text not null,
    body text not null,
    created_at timestamptz(3) not null default now(),
    attempts integer not null default 0,
    next_attempt_at timestamptz(3) not null default now(),
    sent_at timestamptz(3)
  )`.execute(db)
  await sql`create index mail_waiting on mail (next_attempt_at) where sent_at is null`.execute(db)
}
