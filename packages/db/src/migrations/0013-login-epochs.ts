import { sql, type Kysely } from 'kysely'

/** What ends the logins of an account that are under way counts up; a login succeeds in the epoch that it began in. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table user_account add column login_epoch integer not null default 0`.execute(db)
}
