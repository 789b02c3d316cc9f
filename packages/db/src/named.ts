import { CompiledQuery, type Compilable, type RawBuilder } from 'kysely'
import { nameRead, nameStatement } from './engine/named-statements.ts'
import type { Executor } from './schema.ts'

/**
 * Runs a statement that is prepared by name, once on each connection: PostgreSQL then neither parses nor plans it
 * again. For statements that are used often and have few forms, whose plan is good for all values.
 */
export async function executeNamed<R>(db: Executor, query: RawBuilder<R> | Compilable<R>): Promise<R[]> {
  return execute(db, query, nameStatement)
}

/** The same for a statement that changes nothing and is answered at once; outside a transaction many travel together. */
export async function executeRead<R>(db: Executor, query: RawBuilder<R> | Compilable<R>): Promise<R[]> {
  return execute(db, query, nameRead)
}

async function execute<R>(
  db: Executor,
  query: RawBuilder<R> | Compilable<R>,
  name: (text: string) => void,
): Promise<R[]> {
  const { sql: text, parameters } = 'isRawBuilder' in query ? query.compile(db) : query.compile()
  name(text)
  const { rows } = await db.executeQuery<R>(CompiledQuery.raw(text, [...parameters]))
  return rows
}

const usualPages = new Set([1, 2, 5, 10, 20, 25, 30, 50, 100, 200, 250, 500, 1000])

/** Tells whether a page has one of the sizes that callers mostly ask for: each size is a statement of its own. */
export function isUsualPage(limit: number): boolean {
  return usualPages.has(limit)
}

/** Tells whether a filter asks for nothing but these fields. */
export function hasOnly(filter: object, fields: ReadonlySet<string>): boolean {
  return Object.entries(filter).every(([field, value]) => value === undefined || fields.has(field))
}
