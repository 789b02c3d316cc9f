import { sql } from 'kysely'
import { EngineError } from './engine/engine-error.ts'
import type { Executor } from './schema.ts'

/** What a server adds to and never changes; see migrations 0003 and 0012. */
const appended = ['audit_entry', 'audit_seal'] as const
/** What a server reads alone: which migrations have run. */
const readOnly = ['kysely_migration', 'kysely_migration_lock'] as const

/**
 * Lets a role of PostgreSQL do what a server has to, and nothing else: it owns no table, and of the audit trail it can
 * update, delete and truncate nothing. Run by the owner of the tables, after each migration. Throws EngineError.
 */
export async function grantToServer(kysely: Executor, role: string): Promise<void> {
  await kysely.transaction().execute(async (tx) => {
    await assertApart(tx, role)
    const to = sql.id(role)
    await sql`grant usage on schema public to ${to}`.execute(tx)
    await sql`revoke all on all tables in schema public from ${to}`.execute(tx)
    await sql`grant select, insert, update, delete on all tables in schema public to ${to}`.execute(tx)
    for (const table of appended)
      await sql`revoke update, delete on ${sql.table(table)} from ${to}`.execute(tx)
    await sql`revoke insert, delete on audit_head from ${to}`.execute(tx)
    for (const table of readOnly)
      await sql`revoke insert, update, delete on ${sql.table(table)} from ${to}`.execute(tx)
  })
}

type Facts = { isThere: boolean; mayActAsOwner: boolean }

/** Refuses a role that could take the rights which it is not to have. */
async function assertApart(tx: Executor, role: string): Promise<void> {
  const { rows } = await sql<Facts>`
    select true as "isThere", rolsuper or pg_has_role(rolname, current_user, 'member') as "mayActAsOwner"
    from pg_roles where rolname = ${role}`.execute(tx)
  const [facts] = rows
  if (facts === undefined)
    throw new EngineError(`There is no role «${role}»: create it first (create role … login password …).`)
  if (facts.mayActAsOwner) {
    throw new EngineError(
      `The role «${role}» is the owner of the tables, a member of it, or a superuser, and could change the audit trail: name another one.`,
    )
  }
}
