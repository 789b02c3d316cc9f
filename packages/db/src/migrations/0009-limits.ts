import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // What a crash may forget needs no log; and a column that is indexed would make every change a change of the index.
  await sql`create unlogged table rate_limit (
    key text primary key,
    full_at timestamptz not null,
    passed boolean not null
  ) with (fillfactor = 50)`.execute(db)
  await sql`create table known_network (
    user_id uuid not null references user_account on delete cascade,
    network text not null,
    used_at timestamptz(3) not null,
    failed_logins integer not null default 0,
    locked_until timestamptz(3),
    primary key (user_id, network)
  )`.execute(db)
}
