import { sql, type Kysely } from 'kysely'

/** The head of the chain goes forward only, so that a server cannot make it agree with a chain that was cut. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create trigger append_only before delete or truncate on audit_head
    for each statement execute function refuse_change()`.execute(db)
  await sql`create function refuse_return() returns trigger language plpgsql as $$
    begin
      if new.seq <= old.seq then
        raise exception 'the head of the audit trail goes forward only';
      end if;
      return new;
    end
  $$`.execute(db)
  await sql`create trigger forward_only before update on audit_head
    for each row execute function refuse_return()`.execute(db)
}
