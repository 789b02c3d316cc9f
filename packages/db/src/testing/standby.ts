import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import pg from 'pg'
import { openDatabase, type Database } from '../database.ts'
import { startEmbedded, type EmbeddedEngine } from '../engine/embedded.ts'
import { migrateToLatest } from '../migrations/index.ts'
import { enginePartsFor } from './cluster.ts'

/** A migrated PostgreSQL with a standby, and a database that reads from both. */
export type Replicated = AsyncDisposable & {
  readonly database: Database
  /** Keeps the standby as it is, or lets it go on. */
  pauseReplay(isPaused: boolean): Promise<void>
  endStandby(): Promise<void>
}

const fast = { fsync: 'off', full_page_writes: 'off' }

/** Starts a PostgreSQL and a standby of it, both of our own. */
export async function openReplicated(): Promise<Replicated> {
  const folder = mkdtempSync(join(tmpdir(), 'casebook-replica-'))
  const home = join(folder, 'primary')
  const standbyHome = join(folder, 'standby')
  spawnSync('mkdir', ['-m', '711', folder, home, standbyHome])
  spawnSync('chmod', ['711', folder])
  const parts = await enginePartsFor(home)
  const primary = await startEmbedded(home, parts, fast)
  const alone = await openDatabase({ databaseUrl: primary.url, unsafe: true })
  await migrateToLatest(alone.kysely)
  await alone.close()
  await copyCluster(primary, join(standbyHome, 'postgres'))
  const host = new URL(primary.url).searchParams.get('host') ?? ''
  const standby = await startEmbedded(standbyHome, parts, {
    ...fast,
    primary_conninfo: `host=${host} user=casebook`,
  })
  const database = await openDatabase({ databaseUrl: primary.url, replicaUrl: standby.url, unsafe: true })
  return {
    database,
    pauseReplay: (isPaused) =>
      asked(standby, (client) => client.query(`select pg_wal_replay_${isPaused ? 'pause' : 'resume'}()`)),
    endStandby: () => standby.stop(),
    async [Symbol.asyncDispose]() {
      await database.close()
      await standby.stop()
      await primary.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Copies the data of a PostgreSQL that runs, as a base backup for a standby (PostgreSQL manual, 26.3.3). */
async function copyCluster({ folder, url }: EmbeddedEngine, to: string): Promise<void> {
  const from = join(folder, 'postgres')
  await asked({ url }, async (client) => {
    await client.query(`select pg_backup_start('standby', fast => true)`)
    spawnSync('cp', ['-a', from, to])
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop()')
    rmSync(join(to, 'postmaster.pid'))
    // Files of ours begin as copies, so that they belong to the engine's account.
    for (const [name, text] of [
      ['backup_label', rows[0]?.labelfile ?? ''],
      ['standby.signal', ''],
    ] as const) {
      spawnSync('cp', ['-a', join(from, 'PG_VERSION'), join(to, name)])
      writeFileSync(join(to, name), text)
    }
  })
}

async function asked(
  { url }: { readonly url: string },
  question: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await question(client)
  } finally {
    await client.end()
  }
}
