#!/usr/bin/env node
import { text } from 'node:stream/consumers'
import { createAccount, createPasswords } from '@casebook/core'
import { EngineError, type Database } from '@casebook/db'
import { DomainError } from '@casebook/api'
import { readArguments, usage, UsageError, type Command } from './arguments.ts'
import { banner } from './banner.ts'
import { generate } from './generate.ts'
import { readSettings, SettingsError, type Settings } from './env.ts'
import { createLogger } from './log.ts'
import { openSettingsDatabase, startServer } from './start.ts'
import { migrate as bringUpToDate } from './schema-state.ts'
import { version } from './version.ts'

/** Time in which requests in flight may finish after a signal, in milliseconds. */
const drainMs = 9000

async function main(): Promise<void> {
  const command = readArguments(process.argv.slice(2))
  if (command.kind === 'help') return void process.stdout.write(usage)
  if (command.kind === 'version') return void process.stdout.write(`${version}\n`)
  const settings = readSettings(process.env)
  switch (command.kind) {
    case 'serve':
      return serve(settings, command)
    case 'migrate':
      return migrate(settings)
    case 'create-admin':
      return createAdmin(settings, command)
    case 'generate':
      return fillDatabase(settings, command)
  }
}

async function serve(
  settings: Settings,
  { sample, migrate: mayMigrate }: Extract<Command, { kind: 'serve' }>,
): Promise<void> {
  const ending = Promise.withResolvers<void>()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => ending.resolve())
  const logger = createLogger(settings.logLevel)
  const server = await startServer({ settings, logger, sample, migrate: mayMigrate })
  process.stdout.write(banner(server, settings))
  await ending.promise
  setTimeout(() => process.exit(1), drainMs).unref()
  await server.close()
}

async function migrate(settings: Settings): Promise<void> {
  const database = await openSettingsDatabase(settings, createLogger(settings.logLevel))
  const done = await bringUpToDate(database)
  await database.close()
  process.stdout.write(
    done.length === 0 ? 'The database is up to date.\n' : `Migrated: ${done.join(', ')}.\n`,
  )
}

async function createAdmin(
  settings: Settings,
  { username, email }: { username: string; email: string },
): Promise<void> {
  if (process.stdin.isTTY) process.stderr.write('Type the password, then Ctrl-D:\n')
  const password = (await text(process.stdin)).replace(/\r?\n$/, '')
  if (password === '') throw new UsageError('admin create takes the password on standard input.')
  const database = await openBesideServer(settings)
  try {
    await bringUpToDate(database)
    const user = await createAccount(
      { database, passwords: await createPasswords() },
      { username, email, password, role: 'admin' },
    )
    process.stdout.write(`Made the admin ${user.username} (${user.id}).\n`)
  } finally {
    await database.close()
  }
}

async function fillDatabase(
  settings: Settings,
  request: Extract<Command, { kind: 'generate' }>,
): Promise<void> {
  const database = await openBesideServer(settings)
  try {
    process.stdout.write(`${await generate(database, request, process.stderr)}\n`)
  } finally {
    await database.close()
  }
}

/** Opens the database of the settings, also while a server has it open. */
function openBesideServer(settings: Settings): Promise<Database> {
  const logger = createLogger(settings.logLevel)
  return openSettingsDatabase(settings, logger).catch((error: unknown) => {
    // A server that runs has the embedded engine; it is asked through its socket.
    if (settings.databaseUrl === null && error instanceof EngineError)
      return openSettingsDatabase(settings, logger, true)
    throw error
  })
}

/** One clear sentence for what an operator can mend; the rest is ours, and shown with its stack. */
function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n\n${usage}`
  if (error instanceof SettingsError) return `These settings are wrong:\n${error.message}`
  if (error instanceof EngineError || error instanceof DomainError) return error.message
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? error.code : undefined
  const port = process.env['PORT'] ?? '3000'
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken by another program: end that one, or set PORT to another number.`
  if (code === 'EACCES')
    return `Port ${port} may not be opened by this account: set PORT to a number above 1023.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `HOST ${process.env['HOST']} is no address of this machine.`
  return error.stack ?? error.message
}

try {
  await main()
  process.exitCode ??= 0
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
