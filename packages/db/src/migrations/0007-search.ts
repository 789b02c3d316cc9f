import { sql, type Kysely } from 'kysely'

/**
 * Indexes for a million books and ten million records. Where a search may be for a common word or a rare one, the
 * planner walks the order of the list for the one, and asks an inverted index for the other; so it must know how
 * common the words are.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  // What is large takes longer than any request may.
  await sql`set local statement_timeout = 0`.execute(db)
  await searchBooks(db)
  await searchPeople(db)
  await searchRecords(db)
  await searchAudit(db)
}

/** Kilobytes that may wait beside an inverted index: every search reads through them, and larger ones make writes faster. */
const waiting = sql`with (gin_pending_list_limit = 1024)`

async function searchBooks(db: Kysely<unknown>): Promise<void> {
  await sql`create index book_search on book using gin (search gin_trgm_ops) ${waiting}`.execute(db)
  await sql`alter table book alter column search set statistics 500`.execute(db)
  await sql`drop index book_title_search`.execute(db)
  // An entry of an index has 2704 bytes at most, and a title up to 4000.
  await sql`drop index book_by_title`.execute(db)
  await sql`create index book_by_title on book (status, left(title, 500), id)`.execute(db)
  await sql`drop index book_owner`.execute(db)
  await sql`create index book_owner on book (owner_id, status, id)`.execute(db)
  await sql`create index book_language on book (language collate "C")`.execute(db)
}

async function searchPeople(db: Kysely<unknown>): Promise<void> {
  await sql`drop index author_name_search`.execute(db)
  await sql`create index author_search on author using gin (name gin_trgm_ops, sort_name gin_trgm_ops) ${waiting}`.execute(
    db,
  )
  await sql`create index patient_search on patient
    using gin (family_name gin_trgm_ops, given_name gin_trgm_ops, mrn gin_trgm_ops) ${waiting}`.execute(db)
  await sql`create index patient_birth_date on patient (birth_date, family_name, given_name, id)`.execute(db)
  for (const [table, column] of searchedNames) {
    await sql`alter table ${sql.table(table)} alter column ${sql.ref(column)} set statistics 300`.execute(db)
  }
}

const searchedNames = [
  ['author', 'name'],
  ['author', 'sort_name'],
  ['patient', 'family_name'],
  ['patient', 'given_name'],
  ['patient', 'mrn'],
] as const

async function searchRecords(db: Kysely<unknown>): Promise<void> {
  // Punctuation becomes space first: the parser would take «mild/moderate» for a file, and «-5» for a number.
  await sql`alter table record add column words tsvector generated always as (strip(to_tsvector('simple', translate(
      title || ' ' || coalesce(notes, '') || ' ' || coalesce(code_display, ''),
      '!"#$%&''()*+,-./:;<=>?@[\\]^_\`{|}~', repeat(' ', 32))))) stored`.execute(db)
  await sql`create index record_words on record using gin (words) ${waiting}`.execute(db)
  await sql`create index record_by_kind on record (kind, date, id)`.execute(db)
}

async function searchAudit(db: Kysely<unknown>): Promise<void> {
  await sql`create index audit_entry_action on audit_entry (action, id)`.execute(db)
  await sql`create index audit_entry_trouble on audit_entry (outcome, id) where outcome <> 'allowed'`.execute(
    db,
  )
  await sql`create index audit_entry_resource on audit_entry (resource, id) where resource is not null`.execute(
    db,
  )
}
