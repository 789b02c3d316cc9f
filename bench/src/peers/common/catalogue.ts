import type pg from 'pg'
import { typeIdOf, uuidOfTypeId } from './ids.ts'

/** A book as Casebook's contract shows it. */
export type Book = {
  id: string
  title: string
  subtitle?: string
  isbn13?: string
  language?: string
  publishedOn?: string
  status: string
  description?: string
  subjects: string[]
  contributors: { author: { id: string; name: string }; role: string }[]
  createdAt: string
  updatedAt: string
  version: number
}

type BookRow = {
  id: string
  title: string
  subtitle: string | null
  isbn13: string | null
  language: string | null
  published_on: string | null
  status: string
  description: string | null
  subjects: string[]
  contributors: { id: string; name: string; role: string }[]
  created_at: string
  updated_at: string
  version: number
}

const columns = `b.id, b.title, b.subtitle, b.isbn13, b.language, b.published_on, b.status, b.description, b.subjects,
  b.created_at, b.updated_at, b.version, coalesce((
    select json_agg(json_build_object('id', a.id, 'name', a.name, 'role', c.role) order by c.position)
    from book_contributor c join author a on a.id = c.author_id where c.book_id = b.id), '[]'::json) as contributors`
const statements = {
  first: `select ${columns} from book b where b.status = 'published' order by b.id desc limit $1`,
  next: `select ${columns} from book b where b.status = 'published' and b.id < $2 order by b.id desc limit $1`,
  one: `select ${columns} from book b where b.status = 'published' and b.id = $1`,
}

/** The catalogue as every contender reads it: one named statement with the join, and the rows as books. */
export function createCatalogue(pool: pg.Pool) {
  return {
    /** Lists published books, latest first, after one with this id. */
    async list({ limit, after }: { limit: number; after?: string | undefined }): Promise<Book[]> {
      const query =
        after === undefined
          ? { name: 'books-first', text: statements.first, values: [limit] }
          : { name: 'books-next', text: statements.next, values: [limit, uuidOfTypeId(after)] }
      return (await pool.query<BookRow>(query)).rows.map(bookOf)
    },

    async get(id: string): Promise<Book | null> {
      const query = { name: 'books-one', text: statements.one, values: [uuidOfTypeId(id)] }
      const [row] = (await pool.query<BookRow>(query)).rows
      return row === undefined ? null : bookOf(row)
    },
  }
}

function bookOf(row: BookRow): Book {
  return {
    id: typeIdOf('book', row.id),
    title: row.title,
    ...(row.subtitle === null ? {} : { subtitle: row.subtitle }),
    ...(row.isbn13 === null ? {} : { isbn13: row.isbn13 }),
    ...(row.language === null ? {} : { language: row.language }),
    ...(row.published_on === null ? {} : { publishedOn: row.published_on }),
    status: row.status,
    ...(row.description === null ? {} : { description: row.description }),
    subjects: row.subjects,
    contributors: row.contributors.map(({ id, name, role }) => ({
      author: { id: typeIdOf('author', id), name },
      role,
    })),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: row.version,
  }
}
