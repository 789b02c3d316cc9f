import { idOf, uuidOf } from '@casebook/api'
import type { Book, BookStatus, Relator } from '@casebook/api/books'
import { sql } from 'kysely'

export type BookRow = {
  id: string
  title: string
  subtitle: string | null
  isbn13: string | null
  language: string | null
  published_on: string | null
  status: BookStatus
  description: string | null
  subjects: string[]
  created_at: string
  updated_at: string
  version: number
  contributors: { id: string; name: string; sort_name: string; role: Relator }[]
}

/** A book, and the names by which its contributors are sorted, in the same order. */
export type NamedBook = { readonly book: Book; readonly sortNames: readonly string[] }

/** Columns of a book `b`, with its contributors in order as JSON: what its document is made of. */
export const bookColumns = sql`b.id, b.title, b.subtitle, b.isbn13, b.language, b.published_on, b.status,
  b.description, b.subjects, b.created_at, b.updated_at, b.version,
  coalesce((
    select json_agg(json_build_object('id', a.id, 'name', a.name, 'sort_name', a.sort_name, 'role', c.role) order by c.position)
    from book_contributor c join author a on a.id = c.author_id where c.book_id = b.id
  ), '[]'::json) as contributors`

export function toNamedBook(row: BookRow): NamedBook {
  const { id, subtitle, isbn13, language, status, description, subjects, version } = row
  const contributors = row.contributors.map((one) => ({
    author: { id: idOf('author', one.id), name: one.name },
    role: one.role,
  }))
  const book = bookOf({
    id: idOf('book', id),
    title: row.title,
    subtitle,
    isbn13,
    language,
    publishedOn: row.published_on,
    status,
    description,
    subjects,
    contributors,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version,
  })
  return { book, sortNames: row.contributors.map((one) => one.sort_name) }
}

/** The columns of a book, those that are made of others included. */
export function columnsOfBook({ book, sortNames }: NamedBook) {
  return {
    id: uuidOf(book.id),
    title: book.title,
    subtitle: book.subtitle ?? null,
    isbn13: book.isbn13 ?? null,
    language: book.language ?? null,
    published_on: book.publishedOn ?? null,
    status: book.status,
    description: book.description ?? null,
    subjects: book.subjects,
    created_at: book.createdAt,
    updated_at: book.updatedAt,
    version: book.version,
    document: documentOfBook(book),
    search: searchTextOf({ book, sortNames }),
  }
}

/** The JSON of a book as the contract shows it: its fields in the order of the schema. */
export function documentOfBook(book: Book): string {
  return JSON.stringify(book)
}

/** What the words of a search are looked for in; no word spans two lines. */
export function searchTextOf({ book, sortNames }: NamedBook): string {
  const { title, subtitle, description, subjects, contributors } = book
  const names = contributors.map(({ author }) => author.name)
  return [title, subtitle ?? [], description ?? [], subjects, names, sortNames].flat().join('\n')
}

type Optional = 'subtitle' | 'isbn13' | 'language' | 'publishedOn' | 'description'
/** Fields of a book, where null stands for one that is not there. */
export type BookFields = Omit<Book, Optional> & { readonly [F in Optional]?: Book[F] | null | undefined }

/** Makes a book of its fields, in the order of the contract. */
export function bookOf(fields: BookFields): Book {
  const { subtitle, isbn13, language, publishedOn, description } = fields
  return {
    id: fields.id,
    title: fields.title,
    ...(typeof subtitle === 'string' ? { subtitle } : {}),
    ...(typeof isbn13 === 'string' ? { isbn13 } : {}),
    ...(typeof language === 'string' ? { language } : {}),
    ...(typeof publishedOn === 'string' ? { publishedOn } : {}),
    status: fields.status,
    ...(typeof description === 'string' ? { description } : {}),
    subjects: fields.subjects,
    contributors: fields.contributors,
    createdAt: fields.createdAt,
    updatedAt: fields.updatedAt,
    version: fields.version,
  }
}
