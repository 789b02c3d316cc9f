import { sql, type Kysely } from 'kysely'

/**
 * Subjects as one text, so that parts of them are found by an index of their own: a word that is common in titles
 * and no subject would be looked for in every book.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local statement_timeout = 0`.execute(db)
  // array_to_string counts as changeable since it can write values of any type; text it always writes alike.
  await sql`create function text_of_lines(lines text[]) returns text language sql immutable parallel safe
    as $$ select pg_catalog.array_to_string(lines, E'\\n') $$`.execute(db)
  await sql`alter table book add column subject_lines text generated always as (text_of_lines(subjects)) stored`.execute(
    db,
  )
  await sql`create index book_subjects on book using gin (subject_lines gin_trgm_ops)
    with (gin_pending_list_limit = 1024)`.execute(db)
  await sql`alter table book alter column subject_lines set statistics 300`.execute(db)
}
