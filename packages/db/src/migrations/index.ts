import { sql, type Kysely } from 'kysely'
import { Migrator, type Migration } from 'kysely/migration'
import * as foundation from './0001-foundation.ts'
import * as accounts from './0002-accounts.ts'
import * as audit from './0003-audit.ts'
import * as books from './0004-books.ts'
import * as records from './0005-records.ts'
import * as documents from './0006-documents.ts'
import * as search from './0007-search.ts'
import * as subjects from './0008-subjects.ts'
import * as limits from './0009-limits.ts'
import * as keys from './0010-keys.ts'
import * as factors from './0011-factors.ts'
import * as auditHead from './0012-audit-head.ts'
import * as loginEpochs from './0013-login-epochs.ts'

const migrations: Record<string, Migration> = {
  '0001-foundation': foundation,
  '0002-accounts': accounts,
  '0003-audit': audit,
  '0004-books': books,
  '0005-records': records,
  '0006-documents': documents,
  '0007-search': search,
  '0008-subjects': subjects,
  '0009-limits': limits,
  '0010-keys': keys,
  '0011-factors': factors,
  '0012-audit-head': auditHead,
  '0013-login-epochs': loginEpochs,
}

/**
 * Brings the database up to date. Several servers may do so at once: kysely's migrator lets one go first.
 * Gives the names of the migrations that it ran.
 */
export async function migrateToLatest<T>(kysely: Kysely<T>): Promise<string[]> {
  const { error, results } = await migratorOf(kysely).migrateToLatest()
  if (error !== undefined) throw error
  return (results ?? []).map((result) => result.migrationName)
}

/**
 * Gives the names of the migrations that the database still lacks. Every start asks this, so it reads the table
 * of kysely's migrator, which itself would first look over all tables that there are.
 */
export async function pendingMigrations<T>(kysely: Kysely<T>): Promise<string[]> {
  const done = await sql<{ name: string }>`select name from kysely_migration`
    .execute(kysely)
    .catch((error: unknown) => {
      if (isUndefinedTable(error)) return { rows: [] }
      throw error
    })
  const names = new Set(done.rows.map(({ name }) => name))
  return Object.keys(migrations).filter((name) => !names.has(name))
}

/** SQLSTATE 42P01: no migration has ever run. */
function isUndefinedTable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '42P01'
}

function migratorOf<T>(db: Kysely<T>): Migrator {
  return new Migrator({ db, provider: { getMigrations: async () => migrations } })
}
