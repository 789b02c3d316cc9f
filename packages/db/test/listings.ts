import { idOf, newId } from '@casebook/api'
import type { BookSort, BookStreamInput } from '@casebook/api/books'
import type { AuditFilter, NewAuditEntry } from '../src/audit/store.ts'
import type { AuthorKeyset } from '../src/books/author-store.ts'
import type { BookKeyset, BookScope } from '../src/books/store.ts'
import type { PatientKeyset, PatientListing } from '../src/records/patient-store.ts'
import type { RecordFilter, RecordKeyset, RecordScope } from '../src/records/store.ts'
import type { Stores } from '../src/stores.ts'
import { rareWord, uuidOfRow } from './large-database.ts'

/** Rows of a page, and the one more by which it is known whether there are others. */
export const limit = 51

export type Listing = {
  readonly name: string
  /** The index by which the rows are found: it has the order of the list, or the rows are sorted afterwards. */
  readonly by: string
  /** The same statement is prepared once for all values, so its plan has to be as good without them. */
  readonly isHot?: boolean
  readonly first: (stores: Stores) => Promise<unknown>
  /** The page after some row in the middle of the list. */
  readonly deep: (stores: Stores) => Promise<unknown>
}

type Facts = { name: string; by: string; isHot?: boolean }

const row = uuidOfRow(30_000)
/** Audit entries are made a minute apart. */
const entryId = uuidOfRow(50_000 * 60_000)
const entry: NewAuditEntry = { action: 'records.list', outcome: 'allowed', address: '::1', requestId: 'x' }

const middles: Record<BookSort, BookKeyset> = {
  createdAt: ['published', row],
  '-createdAt': ['published', row],
  title: ['Lymphology', row],
  '-title': ['Lymphology', row],
  publishedOn: ['2005-06-01', row],
  '-publishedOn': ['2005-06-01', row],
}

function books(
  facts: Facts,
  filter: Partial<BookStreamInput>,
  scope: BookScope = { kind: 'published' },
): Listing {
  const whole = { status: 'published', sort: '-createdAt', ...filter } as const
  const list = (stores: Stores, after?: BookKeyset) =>
    stores.books(scope).list({ filter: whole, limit: limit - 1, after })
  return { ...facts, first: list, deep: (stores) => list(stores, middles[whole.sort]) }
}

function records(facts: Facts, filter: RecordFilter, scope: RecordScope = { kind: 'all' }): Listing {
  const middle: RecordKeyset = ['2020-03-15', row]
  const list = (stores: Stores, after?: RecordKeyset) =>
    stores.recordReads.pages([{ scope, entry, listing: { filter, limit: limit - 1, after } }])
  return { ...facts, first: list, deep: (stores) => list(stores, middle) }
}

function patients(facts: Facts, filter: Omit<PatientListing, 'limit' | 'after'>): Listing {
  const list = (stores: Stores, after?: PatientKeyset) =>
    stores.patients({ kind: 'all' }).list({ ...filter, limit, after })
  return { ...facts, first: list, deep: (stores) => list(stores, ['Lind', 'Ivo', row]) }
}

function authors(facts: Facts, q?: string): Listing {
  const list = (stores: Stores, after?: AuthorKeyset) => stores.authors.list({ q, limit, after })
  return { ...facts, first: list, deep: (stores) => list(stores, ['Lind, Ivo', row]) }
}

function audit(facts: Facts, filter: Omit<AuditFilter, 'limit' | 'after'>): Listing {
  const list = (stores: Stores) => stores.audit.list({ ...filter, limit })
  return {
    ...facts,
    first: list,
    deep: (stores) => stores.audit.list({ ...filter, limit, after: idOf('audit', entryId) }),
  }
}

const user = newId('user')
const patientId = idOf('patient', uuidOfRow(1))
const march = { from: '2020-03-01', to: '2020-03-31' }

export const bookListings: readonly Listing[] = [
  books({ name: 'all', by: 'book_by_id', isHot: true }, {}),
  books({ name: 'all, oldest first', by: 'book_by_id', isHot: true }, { sort: 'createdAt' }),
  books({ name: 'by title', by: 'book_by_title', isHot: true }, { sort: 'title' }),
  books({ name: 'by title, backwards', by: 'book_by_title', isHot: true }, { sort: '-title' }),
  books({ name: 'by day', by: 'book_by_day', isHot: true }, { sort: 'publishedOn' }),
  books({ name: 'by day, backwards', by: 'book_by_day', isHot: true }, { sort: '-publishedOn' }),
  books({ name: 'drafts of everybody', by: 'book_by_id' }, { status: 'draft' }, { kind: 'all' }),
  books(
    { name: 'drafts of one author', by: 'book_owner' },
    { status: 'draft' },
    { kind: 'own', userId: user },
  ),
  books({ name: 'a common word', by: 'book_by_id' }, { q: 'cardiology' }),
  books({ name: 'a common word by title', by: 'book_by_title' }, { q: 'cardiology', sort: 'title' }),
  books({ name: 'a rare word', by: 'book_search' }, { q: rareWord }),
  books({ name: 'a rare word by title', by: 'book_search' }, { q: rareWord, sort: '-title' }),
  books({ name: 'a common word and a rare one', by: 'book_search' }, { q: `cardiology ${rareWord}` }),
  books({ name: 'common words that go together', by: 'book_by_id' }, { q: 'handbook of cardiology' }),
  books({ name: 'common words that never meet', by: 'book_search' }, { q: 'lehrbuch surgical handbook' }),
  books(
    { name: 'a common word in a language without it', by: 'book_search' },
    { q: 'handbook', language: 'fr' },
  ),
  books({ name: 'a common subject', by: 'book_by_id' }, { subject: 'surgery' }),
  books({ name: 'a rare subject', by: 'book_subjects' }, { subject: rareWord, sort: 'publishedOn' }),
  books({ name: 'a common name', by: 'book_by_id' }, { author: 'maria' }),
  books({ name: 'a rare name', by: 'author_search' }, { author: rareWord }),
  books({ name: 'an author', by: 'book_contributor_author' }, { author: idOf('author', row) }),
  books({ name: 'a common language', by: 'book_by_id' }, { language: 'en' }),
  books({ name: 'a common language by title', by: 'book_by_title' }, { language: 'en', sort: 'title' }),
  books({ name: 'a rare language', by: 'book_language' }, { language: 'la' }),
  books({ name: 'a year by day', by: 'book_by_day' }, { year: 2021, sort: '-publishedOn' }),
  books({ name: 'a year without books', by: 'book_by_day' }, { year: 1743 }),
  books({ name: 'an ISBN', by: 'book_isbn13_key' }, { isbn: '9780306406157' }),
  books({ name: 'a rare word of a year', by: 'book_search' }, { q: rareWord, year: 2021 }),
]

export const recordListings: readonly Listing[] = [
  records({ name: 'all', by: 'record_by_date', isHot: true }, {}),
  records({ name: 'a month', by: 'record_by_date', isHot: true }, march),
  records({ name: 'a year', by: 'record_by_date', isHot: true }, { from: '2020-01-01', to: '2020-12-31' }),
  records({ name: 'a patient', by: 'record_by_patient', isHot: true }, { patientId }),
  records({ name: 'a month of a patient', by: 'record_by_patient', isHot: true }, { ...march, patientId }),
  records({ name: 'what a patient sees', by: 'record_by_patient' }, {}, { kind: 'patient', patientId }),
  records({ name: 'a kind', by: 'record_by_kind' }, { kind: 'procedure' }),
  records({ name: 'a month of a kind', by: 'record_by_kind' }, { ...march, kind: 'procedure' }),
  records({ name: 'a kind that nothing is of', by: 'record_by_kind' }, { kind: 'poem' }),
  records({ name: 'a code', by: 'record_by_code' }, { code: 'c7' }),
  records({ name: 'a month of a code', by: 'record_by_code' }, { ...march, code: 'c7' }),
  records({ name: 'a kind of a patient', by: 'record_by_patient' }, { kind: 'procedure', patientId }),
  records({ name: 'a common word', by: 'record_by_date' }, { q: 'acute' }),
  records({ name: 'a common compound', by: 'record_by_date' }, { q: 'follow-up' }),
  records({ name: 'a rare word', by: 'record_words' }, { q: rareWord }),
  records({ name: 'a common word of a month', by: 'record_by_date' }, { ...march, q: 'finding' }),
  records({ name: 'a rare word of some years', by: 'record_words' }, { from: '2018-01-01', q: rareWord }),
  records({ name: 'a word of a patient', by: 'record_by_patient' }, { patientId, q: 'acute' }),
  records({ name: 'common words that never meet', by: 'record_words' }, { q: 'disorder term1 term2' }),
  records({ name: 'a common word of a kind without it', by: 'record_words' }, { kind: 'encounter', q: '2x' }),
  records({ name: 'a rare word of a kind', by: 'record_words' }, { kind: 'condition', q: rareWord }),
]

export const otherListings: readonly Listing[] = [
  authors({ name: 'authors', by: 'author_sort_name' }),
  authors({ name: 'authors of a rare name', by: 'author_search' }, rareWord),
  patients({ name: 'patients', by: 'patient_name' }, {}),
  patients({ name: 'patients of a common name', by: 'patient_name' }, { q: 'harr' }),
  patients({ name: 'patients of a rare name', by: 'patient_search' }, { q: rareWord }),
  patients({ name: 'a patient by name and number', by: 'patient_search' }, { q: 'harr large-000711-3' }),
  patients({ name: 'a patient by number', by: 'patient_mrn_key' }, { mrn: 'LARGE-000711-3' }),
  patients({ name: 'patients born on a day', by: 'patient_birth_date' }, { birthDate: '1970-01-01' }),
  audit({ name: 'the audit trail', by: 'audit_entry_pkey' }, {}),
  audit({ name: 'acts of somebody', by: 'audit_entry_actor' }, { actorId: idOf('user', uuidOfRow(1500)) }),
  audit({ name: 'acts on a patient', by: 'audit_entry_patient' }, { patientId }),
  audit(
    { name: 'who has seen a patient’s records', by: 'audit_entry_patient' },
    { patientId: idOf('patient', uuidOfRow(7)) },
  ),
  audit({ name: 'acts of a kind', by: 'audit_entry_action' }, { action: 'patients.linkAccount' }),
  audit({ name: 'refusals', by: 'audit_entry_trouble' }, { outcome: 'refused' }),
  audit({ name: 'acts on an object', by: 'audit_entry_resource' }, { resource: 'rec_77' }),
  audit({ name: 'acts of a request', by: 'audit_entry_request' }, { requestId: 'req-77' }),
  audit(
    { name: 'acts of a day long ago', by: 'audit_entry_pkey' },
    { from: '2023-12-01T00:00:00Z', to: '2023-12-02T00:00:00Z' },
  ),
  audit({ name: 'acts that are permitted', by: 'audit_entry_pkey' }, { outcome: 'allowed' }),
]
