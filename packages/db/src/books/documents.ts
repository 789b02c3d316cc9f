import { uuidOf, type AuthorId } from '@casebook/api'
import { sql, type RawBuilder } from 'kysely'
import type { CheckedDocument } from '../checked-document.ts'
import { columnsOf } from '../identifiers.ts'
import type { Executor, Tx } from '../schema.ts'
import { bookColumns, columnsOfBook, toNamedBook, type BookRow } from './book-row.ts'

type StoredRow = BookRow & { document: string | null; search: string | null }
/** A book has a search text besides. */
export type CheckedBook = CheckedDocument & { readonly search: string }

/** Makes the documents of some books `b` anew, and compares them with what is stored. */
export async function checkBooks(db: Executor, which: RawBuilder<unknown>): Promise<CheckedBook[]> {
  const { rows } = await sql<StoredRow>`
    select ${bookColumns}, b.document, b.search from book b ${which}`.execute(db)
  return rows.map((row) => {
    const { id, document, search } = columnsOfBook(toNamedBook(row))
    return { id, document, search, isRight: document === row.document && search === row.search }
  })
}

/** Writes the documents of some books, within a change of the catalogue. */
export async function writeBooks(tx: Tx, checked: readonly CheckedBook[]): Promise<void> {
  if (checked.length === 0) return
  const c = columnsOf(checked, ['id', 'document', 'search'])
  await sql`update book b set document = t.document, search = t.search
    from unnest(${c.id}::uuid[], ${c.document}::text[], ${c.search}::text[]) as t (id, document, search)
    where b.id = t.id`.execute(tx)
}

const batch = 1000

/** Writes the documents of an author's books with the name that it has now, within a change of the catalogue. */
export async function rewriteBooksOf(tx: Tx, author: AuthorId): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select distinct book_id as id from book_contributor where author_id = ${uuidOf(author)}`.execute(tx)
  for (let done = 0; done < rows.length; done += batch) {
    const ids = rows.slice(done, done + batch).map((row) => row.id)
    await writeBooks(tx, await checkBooks(tx, sql`where b.id = any(${ids}::uuid[])`))
  }
}
