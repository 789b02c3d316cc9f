import { isId, uuidOf } from '@casebook/api'
import type { BookStreamInput } from '@casebook/api/books'
import { sql, type Expression, type SqlBool } from 'kysely'
import { containsPattern } from '../keyset.ts'

/** The conditions of a listing's filters on the book `b`. */
export function filterConditions(filter: BookStreamInput): Expression<SqlBool>[] {
  const conditions: Expression<SqlBool>[] = [sql<SqlBool>`b.status = ${filter.status}`]
  if (filter.isbn !== undefined) conditions.push(sql<SqlBool>`b.isbn13 = ${filter.isbn}`)
  if (filter.language !== undefined) {
    conditions.push(
      sql<SqlBool>`(b.language = ${filter.language} or starts_with(b.language, ${`${filter.language}-`}))`,
    )
  }
  if (filter.year !== undefined) {
    const year = String(filter.year).padStart(4, '0')
    conditions.push(
      sql<SqlBool>`b.published_on between ${`${year}-01-01`}::date and ${`${year}-12-31`}::date`,
    )
  }
  if (filter.subject !== undefined) {
    conditions.push(
      sql<SqlBool>`exists (select from unnest(b.subjects) s where s ilike ${containsPattern(filter.subject)})`,
    )
  }
  if (filter.author !== undefined) conditions.push(authorCondition(filter.author))
  for (const word of filter.q?.split(/\s+/).slice(0, 8) ?? []) conditions.push(wordCondition(word))
  return conditions
}

/** `author` is an id, or a part of a name. */
function authorCondition(author: string): Expression<SqlBool> {
  if (isId('author', author)) {
    return sql<SqlBool>`b.id in (select book_id from book_contributor where author_id = ${uuidOf(author)})`
  }
  return sql<SqlBool>`b.id in (
    select c.book_id from book_contributor c join author a on a.id = c.author_id
    where a.name ilike ${containsPattern(author)} or a.sort_name ilike ${containsPattern(author)})`
}

function wordCondition(word: string): Expression<SqlBool> {
  const pattern = containsPattern(word)
  return sql<SqlBool>`(b.title ilike ${pattern} or b.subtitle ilike ${pattern} or b.description ilike ${pattern}
    or exists (select from unnest(b.subjects) s where s ilike ${pattern})
    or b.id in (select c.book_id from book_contributor c join author a on a.id = c.author_id where a.name ilike ${pattern}))`
}
