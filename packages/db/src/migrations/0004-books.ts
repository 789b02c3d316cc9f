import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table author (
    id uuid primary key,
    name text not null,
    sort_name text not null,
    bio text,
    orcid text constraint author_orcid_key unique,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null
  )`.execute(db)
  await sql`create index author_sort_name on author (sort_name, id)`.execute(db)
  await sql`create index author_name on author (name)`.execute(db)
  await sql`create index author_name_search on author using gin (name gin_trgm_ops)`.execute(db)
  await sql`create table author_identifier (
    source text not null,
    external_id text not null,
    author_id uuid not null references author on delete cascade,
    primary key (source, external_id)
  )`.execute(db)
  await sql`create index author_identifier_author on author_identifier (author_id)`.execute(db)
  await sql`create table book (
    id uuid primary key,
    title text not null,
    subtitle text,
    isbn13 text constraint book_isbn13_key unique,
    language text,
    published_on date,
    status text not null check (status in ('draft', 'published', 'withdrawn')),
    description text,
    subjects text[] not null,
    owner_id uuid references user_account on delete set null,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    version integer not null
  )`.execute(db)
  await sql`create index book_by_id on book (status, id)`.execute(db)
  await sql`create index book_by_title on book (status, title, id)`.execute(db)
  await sql`create index book_by_day on book (status, coalesce(published_on, '0001-01-01'), id)`.execute(db)
  await sql`create index book_owner on book (owner_id, id)`.execute(db)
  await sql`create index book_title_search on book using gin (title gin_trgm_ops)`.execute(db)
  await sql`create table book_contributor (
    book_id uuid not null references book on delete cascade,
    position integer not null,
    author_id uuid not null references author,
    role text not null,
    primary key (book_id, position)
  )`.execute(db)
  await sql`create index book_contributor_author on book_contributor (author_id, book_id)`.execute(db)
  await sql`create table book_identifier (
    source text not null,
    external_id text not null,
    book_id uuid not null references book on delete cascade,
    primary key (source, external_id)
  )`.execute(db)
  await sql`create index book_identifier_book on book_identifier (book_id)`.execute(db)
}
