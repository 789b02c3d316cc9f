import { CompiledQuery, type RawBuilder } from 'kysely'
import { nameStatement } from './engine/named-statements.ts'
import type { Executor } from './schema.ts'

/**
 * Runs a statement that is prepared by name, once on each connection: PostgreSQL then neither parses nor plans it
 * again. For statements that are used often and have few forms, whose plan is good for all values.
 */
export async function executeNamed<R>(db: Executor, query: RawBuilder<R>): Promise<R[]> {
  const { sql: text, parameters } = query.compile(db)
  return executeText<R>(db, text, parameters)
}

/** The same for a statement that is written out, with `$1`, `$2` in it, so that nothing is compiled. */
export async function executeText<R>(
  db: Executor,
  text: string,
  parameters: readonly unknown[],
): Promise<R[]> {
  nameStatement(text)
  const { rows } = await db.executeQuery<R>(CompiledQuery.raw(text, [...parameters]))
  return rows
}
