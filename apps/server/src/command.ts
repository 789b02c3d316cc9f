import cluster from 'node:cluster'
import { flushCompileCache } from 'node:module'
import { text } from 'node:stream/consumers'
import type { Database } from '@casebook/db'
import { readArguments, usage, UsageError, type Command } from './arguments.ts'
import { banner, type Served } from './banner.ts'
import { drainMs, endAfter, untilSignalled } from './ending.ts'
import { readSettings, type Settings } from './env.ts'
import { createLogger } from './log.ts'
import { version } from './version.ts'

// What takes long to load is loaded where it is needed, and while the database starts.

/** Runs the command line, or what a worker of ours is there for, and sets the exit code. */
export async function runCommand(args: readonly string[]): Promise<void> {
  try {
    if (cluster.isWorker) await serveAsWorker(readSettings(process.env))
    else await run(readArguments(args))
    process.exitCode ??= 0
  } catch (error) {
    const { explain } = await import('./explain.ts')
    process.stderr.write(`${explain(error)}\n`)
    process.exitCode = error instanceof UsageError ? 2 : 1
  }
}

async function run(command: Command): Promise<void> {
  if (command.kind === 'help') return void process.stdout.write(usage)
  if (command.kind === 'version') return void process.stdout.write(`${version}\n`)
  const settings = readSettings(process.env)
  switch (command.kind) {
    case 'serve':
      return serve({ ...settings, workers: command.workers ?? settings.workers }, command)
    case 'migrate':
      return migrate(settings, command.grant)
    case 'create-admin':
      return createAdmin(settings, command)
    case 'remove-totp': {
      const { removeTotp } = await import('./totp-command.ts')
      return onDatabase(settings, (database) => removeTotp(database, command.username))
    }
    case 'generate': {
      const { generate } = await import('./generate.ts')
      return onDatabase(settings, (database, output) => generate(database, command, output))
    }
    case 'verify-documents':
      return onDatabase(settings, (await import('./documents-command.ts')).verifyAll)
    case 'rebuild-documents':
      return onDatabase(settings, (await import('./documents-command.ts')).rebuildAll)
  }
}

async function serveAsWorker(settings: Settings): Promise<void> {
  const { runWorker } = await import('./workers/worker.ts')
  await runWorker(settings, createLogger(settings.logLevel))
}

/** What serves: this process, or workers of it. */
type Running = Served & {
  /** Resolves with the reason when it cannot go on. */
  readonly broken?: Promise<Error>
  close(): Promise<void>
}

async function serve(settings: Settings, options: Extract<Command, { kind: 'serve' }>): Promise<void> {
  const signalled = untilSignalled()
  const running = await start(settings, options)
  process.stdout.write(banner(running, settings))
  flushCompileCache()
  const broken = await Promise.race([signalled, ...(running.broken === undefined ? [] : [running.broken])])
  endAfter(drainMs)
  await running.close()
  if (broken !== undefined) throw broken
}

async function start(
  settings: Settings,
  { sample, migrate: mayMigrate }: Extract<Command, { kind: 'serve' }>,
): Promise<Running> {
  const logger = createLogger(settings.logLevel)
  const options = { settings, logger, sample, migrate: mayMigrate }
  const { openSettingsDatabase } = await import('./database.ts')
  if (settings.workers > 1) {
    const { startWorkers } = await import('./workers/primary.ts')
    return startWorkers(options)
  }
  const opening = openSettingsDatabase(settings, logger)
  // Awaited below; a failure before that is none that nobody handles.
  opening.catch(() => undefined)
  const { startServer } = await import('./start.ts')
  const server = await startServer(options, opening)
  return { ...server, database: server.database.engine.description }
}

async function migrate(settings: Settings, grant: string | null): Promise<void> {
  const { bringUpToDate, openSettingsDatabase } = await import('./database.ts')
  const database = await openSettingsDatabase(settings, createLogger(settings.logLevel))
  try {
    const done = await bringUpToDate(database)
    process.stdout.write(
      done.length === 0 ? 'The database is up to date.\n' : `Migrated: ${done.join(', ')}.\n`,
    )
    if (grant === null) return
    const { grantToServer } = await import('@casebook/db')
    await grantToServer(database.kysely, grant)
    process.stdout.write(`The role ${grant} may serve from it.\n`)
  } finally {
    await database.close()
  }
}

async function createAdmin(
  settings: Settings,
  { username, email }: { username: string; email: string },
): Promise<void> {
  if (process.stdin.isTTY) process.stderr.write('Type the password, then Ctrl-D:\n')
  const password = (await text(process.stdin)).replace(/\r?\n$/, '')
  if (password === '') throw new UsageError('admin create takes the password on standard input.')
  const { bringUpToDate, openBesideServer } = await import('./database.ts')
  const { createAccount, createPasswords } = await import('@casebook/core')
  const database = await openBesideServer(settings, createLogger(settings.logLevel))
  try {
    await bringUpToDate(database)
    const user = await createAccount(
      { database, passwords: createPasswords({ processes: 0 }) },
      { username, email, password, role: 'admin' },
    )
    process.stdout.write(`Made the admin ${user.username} (${user.id}).\n`)
  } finally {
    await database.close()
  }
}

/** Runs a command that prints one line of what it has done to the database, also beside a server. */
async function onDatabase(
  settings: Settings,
  work: (database: Database, output: NodeJS.WriteStream) => Promise<string>,
): Promise<void> {
  const { openBesideServer } = await import('./database.ts')
  const database = await openBesideServer(settings, createLogger(settings.logLevel))
  try {
    process.stdout.write(`${await work(database, process.stderr)}\n`)
  } finally {
    await database.close()
  }
}
