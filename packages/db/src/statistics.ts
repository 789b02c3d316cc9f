import { sql } from 'kysely'
import type { Executor } from './schema.ts'
import { liftStatementTimeout } from './timeouts.ts'

/** Indexes of migration 0007. */
const inverted = ['book_search', 'author_search', 'patient_search', 'record_words']

/** Tells the planner at once what the tables hold now, as it learns in minutes by itself. */
export async function refreshStatistics(kysely: Executor): Promise<void> {
  await kysely.transaction().execute(async (tx) => {
    await liftStatementTimeout(tx)
    // What has been written last waits beside an inverted index, and is read through by each search.
    for (const index of inverted) await sql`select gin_clean_pending_list(to_regclass(${index}))`.execute(tx)
    await sql`analyze`.execute(tx)
  })
}
