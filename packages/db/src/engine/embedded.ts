import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  rmdirSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { canUse, engineAccount, type Account } from './account.ts'
import { copyBinaries, findBinaries, type Binaries } from './binaries.ts'
import { EngineError } from './engine-error.ts'
import { takeFolder } from './lock.ts'

/** A running PostgreSQL of our own. */
export type EmbeddedEngine = { readonly url: string; readonly folder: string; stop(): Promise<void> }

/** What it takes to run the binaries here. */
export type EmbeddedParts = { readonly binaries: Binaries; readonly account: Account }

const startMs = 30_000
const databaseUser = 'casebook'

/** Finds what is needed to run PostgreSQL with its data below `folder`, or null where it cannot run. */
export async function embeddedParts(folder: string): Promise<EmbeddedParts | null> {
  return partsOf(await findBinaries(), folder)
}

/**
 * The same, with a copy of the binaries below `folder`, for when they lie where the engine's account cannot get:
 * a checkout of root's that is closed to others.
 */
export async function copiedParts(folder: string): Promise<EmbeddedParts | null> {
  const binaries = await findBinaries()
  return partsOf(binaries && copyBinaries(binaries, join(folder, 'engine')), folder)
}

function partsOf(binaries: Binaries | null, folder: string): EmbeddedParts | null {
  const account = engineAccount()
  if (binaries === null || account === null) return null
  const home = join(folder, 'postgres')
  mkdirSync(home, { recursive: true, mode: 0o700 })
  chownSync(home, account.uid, account.gid)
  // Another account than ours has to get through the folder to its own part of it.
  if (process.getuid?.() !== account.uid) chmodSync(folder, 0o711)
  return canUse(account, { program: binaries.postgres, folder: home }) ? { binaries, account } : null
}

/** Gives the URL at which the engine of a data folder answers, while it runs. */
export function embeddedUrl(folder: string): string {
  return `postgres://${databaseUser}@localhost/postgres?host=${encodeURIComponent(socketFolder(folder))}`
}

/**
 * Starts PostgreSQL with its data in `<folder>/postgres`. It listens on a socket in a folder that only its
 * account may enter, and ends with this process, however that ends. `settings` are its `-c` settings.
 * Throws EngineError.
 */
export async function startEmbedded(
  folder: string,
  parts: EmbeddedParts,
  settings: Readonly<Record<string, string>> = {},
): Promise<EmbeddedEngine> {
  const home = join(folder, 'postgres')
  const giveBack = await takeFolder(folder, home)
  if (!existsSync(join(home, 'PG_VERSION'))) initialise(home, parts)
  const sockets = socketFolder(folder)
  mkdirSync(sockets, { recursive: true, mode: 0o700 })
  chownSync(sockets, parts.account.uid, parts.account.gid)

  const child = superviseEngine(folder, parts, {
    ...defaultSettings,
    unix_socket_directories: sockets,
    ...settings,
  })
  const leave = () => {
    removeEmpty(sockets)
    giveBack()
  }
  const engine = { url: embeddedUrl(folder), folder, stop: () => stopEngine(child, leave) }
  await waitUntilReady(child, engine)
  return engine
}

const defaultSettings = {
  listen_addresses: '',
  max_connections: '60',
  shared_buffers: '128MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
  wal_level: 'replica',
}

function initialise(home: string, { binaries, account }: EmbeddedParts): void {
  const done = spawnSync(
    binaries.initdb,
    [
      '-D',
      home,
      '-U',
      databaseUser,
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale-provider=builtin',
      '--locale=C.UTF-8',
      '--no-sync',
      '--no-instructions',
    ],
    { ...account, encoding: 'utf8', cwd: '/' },
  )
  if (done.status === 0) return
  throw new EngineError(
    `The embedded PostgreSQL could not make its data folder ${home}: ${lastLine(done.stderr)}`,
  )
}

/**
 * Starts PostgreSQL below a shell that is the only one to know of us by a pipe: when the pipe closes, because we
 * closed it or because we are gone, the shell asks PostgreSQL for a fast shutdown. It has a session of its own,
 * so that Ctrl-C at the terminal reaches us and not the database under us.
 */
function superviseEngine(
  folder: string,
  { binaries, account }: EmbeddedParts,
  settings: Record<string, string>,
): ChildProcess {
  const script =
    'exec 3<&0; "$@" </dev/null 3<&- & pid=$!; { cat <&3 >/dev/null; kill -INT $pid 2>/dev/null; } & wait $pid'
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const log = openSync(logFile(folder), 'a', 0o600)
  return spawn(
    '/bin/sh',
    ['-c', script, 'casebook-engine', binaries.postgres, '-D', join(folder, 'postgres'), ...options],
    {
      ...account,
      cwd: '/',
      detached: true,
      stdio: ['pipe', log, log],
    },
  )
}

async function waitUntilReady(child: ChildProcess, engine: EmbeddedEngine): Promise<void> {
  const deadline = Date.now() + startMs
  const socket = join(socketFolder(engine.folder), '.s.PGSQL.5432')
  const status = join(engine.folder, 'postgres', 'postmaster.pid')
  while (Date.now() < deadline) {
    if (child.exitCode !== null) break
    if (existsSync(socket) && isReady(status)) return
    await sleep(10)
  }
  await engine.stop()
  const why = lastLine(readFileSync(logFile(engine.folder), 'utf8'))
  throw new EngineError(
    `The embedded PostgreSQL did not start: ${why} (its log is ${logFile(engine.folder)})`,
  )
}

/** The eighth line of postmaster.pid says `ready` once connections are taken; it is not there when a start has failed. */
function isReady(file: string): boolean {
  return existsSync(file) && readFileSync(file, 'utf8').split('\n')[7]?.trim() === 'ready'
}

async function stopEngine(child: ChildProcess, leave: () => void): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.stdin?.end()
    await ended
  }
  child.stdin?.destroy()
  leave()
}

/** Removes the folder of the sockets, which the engine has taken away when it ended; after a crash one may be left. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // The next engine with this data folder uses it again.
  }
}

/** A socket's path has at most about 100 bytes, so its folder has a short name of its own. */
function socketFolder(folder: string): string {
  const name = createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 16)
  return join(tmpdir(), `casebook-${name}`)
}

function logFile(folder: string): string {
  return join(folder, 'postgres.log')
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? 'no reason given'
}
