import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // The JSON of each object as the contract shows it. The stores write it; it is null until `documents rebuild`,
  // which follows every migration, has been there.
  await sql`alter table book add column document text, add column search text`.execute(db)
  await sql`alter table record add column document text`.execute(db)
  await sql`create index book_without_document on book (id) where document is null`.execute(db)
  await sql`create index record_without_document on record (id) where document is null`.execute(db)
  // Who changes the catalogue locks this row first, so that changes come one after another; its stamp is another
  // one after each.
  await sql`create table catalogue_state (
    only_one boolean primary key default true check (only_one),
    stamp uuid not null default gen_random_uuid()
  )`.execute(db)
  await sql`insert into catalogue_state default values`.execute(db)
}
