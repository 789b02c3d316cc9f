import { sql } from 'kysely'
import type { Database } from '../src/index.ts'
import { generateBooks } from '../src/sample/generate-books.ts'
import { generateRecords } from '../src/sample/records.ts'
import { refreshStatistics } from '../src/statistics.ts'
import type { Executor } from '../src/schema.ts'

/** A word that one book and one record has. */
export const rareWord = 'zebrawort'

/** Gives the UUID of the nth row that SQL makes, in order of n. */
export function uuidOfRow(n: number): string {
  const hex = `0${(1_700_000_000_000 + n).toString(16)}`
  const rest = n.toString(16).padStart(12, '8')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8888-${rest}`
}

/**
 * Fills a database so far that the planner goes the ways that it goes in one of full size: 75,000 books, 250,000
 * records, 100,000 audit entries. Most rows are made by SQL, out of some that are generated, and indexes are made anew after it: both for time.
 */
export async function fillLarge(database: Database): Promise<void> {
  await generateBooks(database, { books: 5000 })
  await generateRecords(database, { patients: 1000, records: 0, source: 'large' })
  await database.kysely.transaction().execute(async (tx) => {
    await sql`set local statement_timeout = 0`.execute(tx)
    await sql`set local maintenance_work_mem = '256MB'`.execute(tx)
    // What is picked at random is the same in each run.
    await sql`select setseed(0.5)`.execute(tx)
    await sql`create function pg_temp.uuid_at(n bigint) returns uuid language sql immutable as
      $$ select (lpad(to_hex(1700000000000 + n), 12, '0') || '7000' || lpad(to_hex(n), 16, '8'))::uuid $$`.execute(
      tx,
    )
    // Who is referred to is there; to ask for it row by row takes longer than all the rest.
    await sql`set local session_replication_role = replica`.execute(tx)
    await withoutIndexes(tx, ['book', 'book_contributor'], () => copyBooks(tx))
    await withoutIndexes(tx, ['author', 'patient'], () => copyPeople(tx))
    await withoutIndexes(tx, ['record'], () => makeRecords(tx))
    await withoutIndexes(tx, ['audit_entry'], () => makeEntries(tx))
  })
  await refreshStatistics(database.kysely)
}

/** Takes the indexes of some tables away, but for those of constraints, and makes them anew after the work. */
async function withoutIndexes(
  tx: Executor,
  tables: readonly string[],
  work: () => Promise<void>,
): Promise<void> {
  const { rows } = await sql<{ name: string; text: string }>`
    select indexname as name, indexdef as text from pg_indexes
    where tablename = any(${[...tables]}::text[])
      and not exists (select from pg_constraint c where c.conindid = format('public.%I', indexname)::regclass)`.execute(
    tx,
  )
  for (const { name } of rows) await sql`drop index ${sql.ref(name)}`.execute(tx)
  await work()
  for (const { text } of rows) await sql.raw(text).execute(tx)
}

async function copyBooks(tx: Executor): Promise<void> {
  await sql`create temp table copy on commit drop as
    select b.id as original, pg_temp.uuid_at(row_number() over (order by n, b.id)) as id, n
    from book b, generate_series(1, 11) n`.execute(tx)
  await sql`insert into book (id, title, subtitle, language, published_on, status, description, subjects, owner_id,
      created_at, updated_at, version, document, search)
    select c.id, b.title, b.subtitle, b.language, b.published_on,
      case when c.n >= 7 then 'draft' else b.status end, b.description, b.subjects, pg_temp.uuid_at(c.n),
      b.created_at, b.updated_at, b.version, b.document, b.search
    from copy c join book b on b.id = c.original order by c.id`.execute(tx)
  await sql`insert into book_contributor (book_id, position, author_id, role)
    select c.id, t.position, t.author_id, t.role from copy c join book_contributor t on t.book_id = c.original`.execute(
    tx,
  )
  await sql`update book set search = search || ${`\n${rareWord}`} where id = pg_temp.uuid_at(20000)`.execute(
    tx,
  )
}

async function copyPeople(tx: Executor): Promise<void> {
  await sql`insert into author (id, name, sort_name, created_at, updated_at)
    select pg_temp.uuid_at(row_number() over ()), name || n, sort_name || n, created_at, updated_at
    from author, generate_series(1, 20) n`.execute(tx)
  await sql`insert into patient (id, mrn, given_name, family_name, birth_date, sex, created_at, updated_at, version)
    select pg_temp.uuid_at(row_number() over ()), mrn || '-' || n, given_name, family_name, birth_date + n, sex, created_at, updated_at, 1
    from patient, generate_series(1, 49) n`.execute(tx)
}

async function makeRecords(tx: Executor): Promise<void> {
  await sql`insert into record (id, patient_id, date, kind, status, title, code_system, code, code_display, notes, document,
      created_at, updated_at, version)
    select id, patients[ceil(random() * 50000)], date '2016-01-01' + floor(random() * 3650)::int,
      (array['encounter', 'condition', 'condition', 'procedure', 'observation'])[1 + concept % 5], 'final',
      'Finding ' || concept, 'http://snomed.info/sct', 'c' || concept, 'Finding ' || concept || ' (disorder)',
      case when random() < 0.3 then 'No acute distress. Follow-up for term' || ceil(2000 ^ random()) || case when n = 20000 then ${` ${rareWord}`} else '.' end end,
      rpad('{"id":"rec_01jd3xq5e0f2q8n4v6z8a1b3e2","date":"2024-05-17","notes":"', 398, 'x') || '"}', now(), now(), 1
    from (
      select n, pg_temp.uuid_at(n) as id, ceil(60 ^ random())::int as concept, (select array_agg(id) from patient) as patients
      from generate_series(1, 200000) n
    ) as made`.execute(tx)
}

async function makeEntries(tx: Executor): Promise<void> {
  await sql`insert into audit_entry (id, at, actor_id, actor_username, actor_role, action, outcome, resource, address, request_id)
    select pg_temp.uuid_at(n * 60000), timestamptz '2023-11-14 22:13:20Z' + n * interval '1 minute',
      pg_temp.uuid_at(ceil(2000 ^ random())::int), 'somebody', 'clinician',
      case when n % 500 = 0 then 'patients.linkAccount' else 'records.get' end,
      case when n % 300 = 0 then 'refused' else 'allowed' end, case when n % 2 = 0 then 'rec_' || n / 4 end, '127.0.0.1', 'req-' || n
    from generate_series(1::bigint, 100000) n`.execute(tx)
}
