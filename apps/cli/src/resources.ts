import type { CasebookClient } from '@casebook/client'
import { paged } from './paged.ts'

/** A flag that narrows a list; `kind` says what its text stands for. */
export type Filter = {
  readonly name: string
  readonly kind: 'text' | 'number'
  readonly help: string
  readonly field?: string
  /** What its ids begin with. */
  readonly id?: string
}

/** What `casebook` can export. */
export type Listed = {
  readonly name: string
  readonly filters: readonly Filter[]
  /** Columns of CSV: every field. */
  readonly fields: readonly string[]
  readonly list: (client: CasebookClient, filters: Filters) => AsyncIterable<object>
}

/** What it can import, too. */
export type Resource = Listed & { readonly name: 'books' | 'records' | 'patients' }

/** Filters as the flags gave them; the contract checks them. */
export type Filters = Readonly<Record<string, string | number>>

export const text = (name: string, help: string, field?: string): Filter => ({
  name,
  kind: 'text',
  help,
  ...(field === undefined ? {} : { field }),
})
const number = (name: string, help: string): Filter => ({ name, kind: 'number', help })

export const resources: readonly Resource[] = [
  {
    name: 'books',
    filters: [
      text('q', 'words in title, description, subjects or names'),
      text('author', 'id of an author, or part of a name'),
      text('subject', 'part of a subject'),
      text('language', 'language tag, such as en'),
      text('isbn', 'ISBN-10 or ISBN-13'),
      text('status', 'published, draft or withdrawn'),
      number('year', 'year of publication'),
      text('sort', 'createdAt, title or publishedOn; with - before it, the other way round'),
    ],
    fields: [
      'id',
      'title',
      'subtitle',
      'isbn13',
      'language',
      'publishedOn',
      'status',
      'description',
      'subjects',
      'contributors',
      'createdAt',
      'updatedAt',
      'version',
    ],
    list: (client, filters) => streamed(() => client.books.stream.query(filters)),
  },
  {
    name: 'records',
    filters: [
      number('year', 'year'),
      number('month', 'month, 1 to 12; needs --year'),
      { ...text('patient', 'id of a patient, which begins with pat_', 'patientId'), id: 'pat' },
      text('kind', 'encounter, condition, …'),
      text('code', 'code of a concept, in any system'),
      text('q', 'words in title, notes or the code’s display'),
      text('from', 'first day, YYYY-MM-DD'),
      text('to', 'last day, YYYY-MM-DD'),
    ],
    fields: [
      'id',
      'patientId',
      'date',
      'kind',
      'status',
      'title',
      'code',
      'notes',
      'clinician',
      'createdAt',
      'updatedAt',
      'version',
    ],
    list: (client, filters) => streamed(() => client.records.stream.query(filters)),
  },
  {
    name: 'patients',
    filters: [
      text('q', 'part of a name or medical record number'),
      text('mrn', 'medical record number'),
      text('birth-date', 'day of birth, YYYY-MM-DD', 'birthDate'),
    ],
    fields: ['id', 'mrn', 'givenName', 'familyName', 'birthDate', 'sex', 'createdAt', 'updatedAt', 'version'],
    list: (client, filters) => paged((page) => client.records.patients.list.query({ ...filters, ...page })),
  },
]

async function* streamed(
  open: () => Promise<AsyncIterable<object>>,
): AsyncGenerator<object, void, undefined> {
  yield* await open()
}
