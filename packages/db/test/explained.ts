import { CompiledQuery, Kysely, sql } from 'kysely'
import { openEngine } from '../src/engine/open-engine.ts'
import type { Tables } from '../src/schema.ts'
import { createStores, type Stores } from '../src/stores.ts'

/** A node of a plan, as EXPLAIN writes it. */
export type PlanNode = {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Index Cond'?: string
  readonly 'Plan Rows': number
  /** Pages of the database that were looked at below the node; of a custom plan only, which is run. */
  readonly 'Shared Hit Blocks'?: number
  readonly 'Shared Read Blocks'?: number
  readonly Plans?: readonly PlanNode[]
}
/** A node with those above it, the nearest first. */
export type PlacedNode = { readonly node: PlanNode; readonly above: readonly PlanNode[] }

export type Explainer = AsyncDisposable & {
  /** Runs a listing, and gives the nodes of the plan of the very statement that it sent. */
  explain(listing: (stores: Stores) => Promise<unknown>, kind?: PlanKind): Promise<PlacedNode[]>
}
/** A plan for the values at hand, or the one that a named statement may get, which has to do for all values. */
export type PlanKind = 'custom' | 'generic'

/** Opens a database another time, to hear what the stores say to it. */
export async function openExplainer(databaseUrl: string): Promise<Explainer> {
  const { dialect } = await openEngine({ databaseUrl, unsafe: true })
  let heard: CompiledQuery[] = []
  const kysely = new Kysely<Tables>({ dialect, log: ({ query }) => void heard.push(query) })
  const stores = createStores(kysely)
  return {
    async explain(listing, kind = 'custom') {
      heard = []
      await listing(stores)
      const [query, ...others] = heard
      if (query === undefined || others.length > 0)
        throw new Error(`a listing sent ${heard.length} statements`)
      const plan =
        kind === 'custom'
          ? await kysely.executeQuery(
              CompiledQuery.raw(
                `explain (${canRepeat(query.sql) ? 'analyze, buffers, ' : ''}format json) ${query.sql}`,
                [...query.parameters],
              ),
            )
          : await explainGeneric(kysely, query)
      const [row] = plan.rows as { 'QUERY PLAN': readonly [{ Plan: PlanNode }] }[]
      if (row === undefined) throw new Error('EXPLAIN gave no plan')
      return placed(row['QUERY PLAN'][0].Plan, [])
    },
    [Symbol.asyncDispose]: () => kysely.destroy(),
  }
}

/** Values are of no matter to the plan, but an EXECUTE has to have some. */
function explainGeneric(kysely: Kysely<Tables>, { sql: text, parameters }: CompiledQuery) {
  const values = parameters.map((value) => sql.lit(value as string))
  return kysely.connection().execute(async (connection) => {
    await sql`set plan_cache_mode = force_generic_plan`.execute(connection)
    await sql.raw(`prepare explained as ${text}`).execute(connection)
    const given = values.length === 0 ? sql`` : sql`(${sql.join(values)})`
    const plan = await sql`explain (format json) execute explained ${given}`.execute(connection)
    await sql`deallocate explained`.execute(connection)
    await sql`reset plan_cache_mode`.execute(connection)
    return plan
  })
}

function placed(node: PlanNode, above: readonly PlanNode[]): PlacedNode[] {
  const below = (node.Plans ?? []).flatMap((child) => placed(child, [node, ...above]))
  return [{ node, above }, ...below]
}

/** A statement that writes its audit entry has been run once, and cannot be run again. */
function canRepeat(text: string): boolean {
  return !text.includes('insert into')
}
