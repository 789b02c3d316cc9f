import { idOf, uuidOf, type AuthorId } from '@casebook/api'
import type { Author, CreateAuthorInput, UpdateAuthorInput } from '@casebook/api/books'
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import { containsPattern, isAfter } from '../keyset.ts'
import type { Executor, Tx } from '../schema.ts'
import { all, siftList } from '../sift.ts'
import { rewriteBooksOf } from './documents.ts'

type AuthorRow = {
  id: string
  name: string
  sort_name: string
  bio: string | null
  orcid: string | null
  book_count: number
}

export type AuthorKeyset = readonly [sortName: string, id: string]
export type AuthorListing = {
  readonly q?: string | undefined
  readonly limit: number
  readonly after?: AuthorKeyset | undefined
}

const columns = sql`a.id, a.name, a.sort_name, a.bio, a.orcid, (
    select count(distinct c.book_id) from book_contributor c join book b on b.id = c.book_id
    where c.author_id = a.id and b.status = 'published'
  ) as book_count`

/** Authors. */
export function createAuthorStore(db: Executor) {
  return {
    async get(id: AuthorId): Promise<Author | null> {
      const { rows } =
        await sql<AuthorRow>`select ${columns} from author a where a.id = ${uuidOf(id)}`.execute(db)
      return rows[0] === undefined ? null : toAuthor(rows[0])
    },

    /** Lists authors by sort name. */
    async list({ q, limit, after }: AuthorListing): Promise<Author[]> {
      const keys = [sql`a.sort_name`, sql`a.id`]
      const bounds = after === undefined ? [] : [isAfter(keys, after, 'asc')]
      const { from, where } =
        q === undefined
          ? { from: sql`author a`, where: all(bounds) }
          : await siftList(
              db,
              { table: sql`author a`, alias: sql`a`, bounds, sieve: [isNamed(q)], keys, direction: 'asc' },
              limit,
            )
      const { rows } = await sql<AuthorRow>`
        select ${columns} from ${from} where ${where} order by a.sort_name, a.id limit ${limit}`.execute(db)
      return rows.map(toAuthor)
    },
  }
}

/** The condition on an author `a` that a text is a part of the name. */
export function isNamed(part: string): RawBuilder<SqlBool> {
  const pattern = containsPattern(part)
  return sql`(a.name ilike ${pattern} or a.sort_name ilike ${pattern})`
}

/** Gives the sort key of an author in the list. */
export function authorKeyset(author: Author): AuthorKeyset {
  return [author.sortName, uuidOf(author.id)]
}

/** Changes of authors, within a change of the catalogue. */
export function createAuthorWriter(tx: Tx) {
  const read = async (id: AuthorId): Promise<Author> => {
    const author = await createAuthorStore(tx).get(id)
    if (author === null) throw new Error('the author that was written is gone')
    return author
  }

  return {
    async lock(id: AuthorId): Promise<Author | null> {
      const row = await tx
        .selectFrom('author')
        .select('id')
        .where('id', '=', uuidOf(id))
        .forUpdate()
        .executeTakeFirst()
      return row === undefined ? null : read(id)
    },

    async insert(author: CreateAuthorInput & { id: AuthorId; sortName: string }): Promise<Author> {
      await tx
        .insertInto('author')
        .values({
          id: uuidOf(author.id),
          name: author.name,
          sort_name: author.sortName,
          bio: author.bio ?? null,
          orcid: author.orcid ?? null,
          created_at: sql`now()`,
          updated_at: sql`now()`,
        })
        .execute()
      return read(author.id)
    },

    async update(id: AuthorId, change: Omit<UpdateAuthorInput, 'id'>): Promise<Author> {
      const { sortName, ...columnsGiven } = change
      const given = Object.fromEntries(
        Object.entries(columnsGiven).filter(([, value]) => value !== undefined),
      )
      await tx
        .updateTable('author')
        .set({
          ...given,
          ...(sortName === undefined ? {} : { sort_name: sortName }),
          updated_at: sql<string>`now()`,
        })
        .where('id', '=', uuidOf(id))
        .execute()
      if (change.name !== undefined || sortName !== undefined) await rewriteBooksOf(tx, id)
      return read(id)
    },

    async hasBooks(id: AuthorId): Promise<boolean> {
      const row = await tx
        .selectFrom('book_contributor')
        .select('book_id')
        .where('author_id', '=', uuidOf(id))
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },

    async delete(id: AuthorId): Promise<void> {
      await tx.deleteFrom('author').where('id', '=', uuidOf(id)).execute()
    },
  }
}

function toAuthor(row: AuthorRow): Author {
  return {
    id: idOf('author', row.id),
    name: row.name,
    sortName: row.sort_name,
    ...(row.bio === null ? {} : { bio: row.bio }),
    ...(row.orcid === null ? {} : { orcid: row.orcid }),
    bookCount: row.book_count,
  }
}
