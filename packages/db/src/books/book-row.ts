import { idOf } from '@casebook/api'
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
  contributors: { id: string; name: string; role: Relator }[]
}

/** Columns of a book `b`, with its contributors in order as JSON. */
export const bookColumns = sql`b.id, b.title, b.subtitle, b.isbn13, b.language, b.published_on, b.status,
  b.description, b.subjects, b.created_at, b.updated_at, b.version,
  coalesce((
    select json_agg(json_build_object('id', a.id, 'name', a.name, 'role', c.role) order by c.position)
    from book_contributor c join author a on a.id = c.author_id where c.book_id = b.id
  ), '[]'::json) as contributors`

export function toBook(row: BookRow): Book {
  return {
    id: idOf('book', row.id),
    title: row.title,
    ...(row.subtitle === null ? {} : { subtitle: row.subtitle }),
    ...(row.isbn13 === null ? {} : { isbn13: row.isbn13 }),
    ...(row.language === null ? {} : { language: row.language }),
    ...(row.published_on === null ? {} : { publishedOn: row.published_on }),
    status: row.status,
    ...(row.description === null ? {} : { description: row.description }),
    subjects: row.subjects,
    contributors: row.contributors.map(({ id, name, role }) => ({
      author: { id: idOf('author', id), name },
      role,
    })),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: row.version,
  }
}
