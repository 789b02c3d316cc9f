import type { Book, BookStreamInput } from '@casebook/api/books'
import type { MedicalRecord } from '@casebook/api/records'
import { expect, test } from 'vitest'
import type { NewAuditEntry } from './audit/store.ts'
import type { BookKeyset } from './books/store.ts'
import type { RecordFilter, RecordKeyset } from './records/store.ts'
import { generateBooks } from './sample/generate-books.ts'
import { generateRecords } from './sample/records.ts'
import { openTestDatabase, type TestDatabase } from './testing/index.ts'

/** More than are walked before other indexes are asked. */
const many = 5000
const limit = 41
const entry: NewAuditEntry = { action: 'records.list', outcome: 'allowed', address: '::1', requestId: 'x' }

async function pagesOfBooks(database: TestDatabase, filter: BookStreamInput): Promise<string[]> {
  const store = database.stores.books({ kind: 'published' })
  const ids: string[] = []
  for (let after: BookKeyset | undefined; ;) {
    const run = await store.list({ filter, limit, after })
    ids.push(...(JSON.parse(`[${run.documents.join(',')}]`) as Book[]).map(({ id }) => id))
    if (!run.hasMore || run.last === null) return ids
    after = run.last
  }
}

async function pagesOfRecords(database: TestDatabase, filter: RecordFilter): Promise<string[]> {
  const store = database.stores.records({ kind: 'all' })
  const ids: string[] = []
  for (let after: RecordKeyset | undefined; ;) {
    const run = await store.list({ filter, limit, after }, entry)
    ids.push(...(JSON.parse(`[${run.documents.join(',')}]`) as MedicalRecord[]).map(({ id }) => id))
    if (!run.hasMore || run.last === null) return ids
    after = run.last
  }
}

test('pages of several conditions are together what meets all of them, in order', async () => {
  await using database = await openTestDatabase()
  await generateBooks(database, { books: many })
  const filter = { status: 'published', sort: 'createdAt' } as const
  const runs = await Array.fromAsync(database.stores.books({ kind: 'all' }).runs(filter, ','))
  const books = JSON.parse(`[${runs.join(',')}]`) as Book[]
  const has = (text: string | undefined, part: string) => text?.toLowerCase().includes(part) === true
  const isBy = (book: Book, part: string) => book.contributors.some(({ author }) => has(author.name, part))
  const cases: [Partial<BookStreamInput>, (book: Book) => boolean][] = [
    [{ q: 'clinical cardiology' }, (book) => anywhere(book, 'clinical') && anywhere(book, 'cardiology')],
    [{ q: 'handbook traité' }, (book) => anywhere(book, 'handbook') && anywhere(book, 'traité')],
    [{ q: 'clinical', language: 'es' }, (book) => anywhere(book, 'clinical') && has(book.language, 'es')],
    [{ q: 'maria', language: 'en' }, (book) => anywhere(book, 'maria') && has(book.language, 'en')],
    [{ q: 'nursing', year: 2021 }, (book) => anywhere(book, 'nursing') && has(book.publishedOn, '2021-')],
    [{ author: 'maria' }, (book) => isBy(book, 'maria')],
    [{ author: 'harrson' }, (book) => isBy(book, 'harrson')],
    [{ author: 'maria', q: 'surgery' }, (book) => isBy(book, 'maria') && anywhere(book, 'surgery')],
    [
      { subject: 'surg', q: 'clinical' },
      (book) => anywhere(book, 'clinical') && book.subjects.some((s) => has(s, 'surg')),
    ],
  ]
  for (const [given, meets] of cases) {
    const ids = books.filter(meets).map(({ id }) => id)
    expect(await pagesOfBooks(database, { ...filter, ...given }), JSON.stringify(given)).toEqual(ids)
    const backwards = await pagesOfBooks(database, { ...filter, ...given, sort: '-createdAt' })
    expect(backwards, JSON.stringify(given)).toEqual(ids.toReversed())
    const byTitle = await pagesOfBooks(database, { ...filter, ...given, sort: 'title' })
    expect(byTitle.toSorted(), JSON.stringify(given)).toEqual(ids.toSorted())
  }
}, 120_000)

function anywhere({ title, subtitle, description, subjects, contributors }: Book, part: string): boolean {
  const names = contributors.map(({ author }) => author.name)
  return [title, subtitle, description, ...subjects, ...names].some((text) =>
    text?.toLowerCase().includes(part),
  )
}

test('pages of words with other filters are together what meets all of them, latest first', async () => {
  await using database = await openTestDatabase()
  await generateRecords(database, { patients: 40, records: 2 * many, source: 'many' })
  const runs = await Array.fromAsync(database.stores.records({ kind: 'all' }).runs({}, ','))
  const records = JSON.parse(`[${runs.join(',')}]`) as MedicalRecord[]
  const has = ({ title, notes }: MedicalRecord, word: RegExp) => word.test(`${title} ${notes ?? ''}`)
  const cases: [RecordFilter, (record: MedicalRecord) => boolean][] = [
    [{ q: 'follow-up' }, (record) => has(record, /\bfollow/i) && has(record, /\bup/i)],
    [{ q: 'asth', kind: 'condition' }, (record) => has(record, /\basth/i)],
    [{ q: 'asth', kind: 'procedure' }, (record) => record.kind === 'procedure' && has(record, /\basth/i)],
    [
      { q: 'pain', from: '2019-03-01', to: '2021-05-31' },
      (record) => has(record, /\bpain/i) && record.date >= '2019-03-01' && record.date <= '2021-05-31',
    ],
    [{ q: 'history cardiology' }, (record) => has(record, /\bhistory/i) && has(record, /\bcardiology/i)],
  ]
  for (const [filter, meets] of cases) {
    const ids = records.filter(meets).map(({ id }) => id)
    expect(await pagesOfRecords(database, filter), JSON.stringify(filter)).toEqual(ids)
  }
}, 120_000)
