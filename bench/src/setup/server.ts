import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from '../bench.ts'

/** A server under load, in a process of its own. */
export type Server = AsyncDisposable & { readonly url: string; readonly pid: number }

export type ServerOptions = {
  /** The TypeScript file that is run. */
  readonly file: string
  readonly nodeFlags?: readonly string[]
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** A path that answers 200 as soon as it serves. */
  readonly readyPath: string
}

const running = new Set<ChildProcess>()
const startMs = 60_000
const root = join(import.meta.dirname, '../../..')

/** Our server, as `npm start` runs it. */
export const ourProgram: Pick<ServerOptions, 'file' | 'nodeFlags'> = {
  file: join(root, 'apps/server/src/main.js'),
  nodeFlags: JSON.parse(readFileSync(join(root, 'apps/server/node-flags.json'), 'utf8')) as string[],
}

/** Starts our server on a database as its users do: with the settings' defaults, but for those that are named. */
export function startOurs(
  bench: Bench,
  databaseUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Server> {
  const env = { DATABASE_URL: databaseUrl, DATA_DIR: join(bench.folder, 'ours'), ...settings }
  return startServer(bench, { ...ourProgram, args: ['serve', '--no-sample'], env, readyPath: '/readyz' })
}

/** Starts one of the programs in peers/ on a database. */
export function startPeer(
  bench: Bench,
  file: string,
  { databaseUrl, ...env }: { databaseUrl: string } & Record<string, string>,
): Promise<Server> {
  const peer = join(import.meta.dirname, '../peers', file)
  return startServer(bench, {
    file: peer,
    env: { NODE_ENV: 'production', ...env, DATABASE_URL: databaseUrl },
    readyPath: '/healthz',
  })
}

/** Starts a server on a free port and waits until it answers. Throws with the end of its log when it does not. */
export async function startServer(bench: Bench, options: ServerOptions): Promise<Server> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const logFile = join(bench.folder, `${basename(options.file)}-${port}.log`)
  const child = spawnServer(options, { port, logFile })
  const { pid } = child
  if (pid === undefined) throw new Error(`${options.file} could not be started`)
  const server = { url, pid, [Symbol.asyncDispose]: () => stop(child) }
  const deadline = Date.now() + startMs
  while (child.exitCode === null && Date.now() < deadline) {
    const answer = await fetch(`${url}${options.readyPath}`).catch(() => null)
    await answer?.arrayBuffer()
    if (answer?.ok) return server
    await sleep(20)
  }
  await stop(child)
  throw new Error(`${options.file} did not start:\n${readFileSync(logFile, 'utf8').slice(-2000)}`)
}

/** Starts a server's process; what it says goes to a file. */
export function spawnServer(
  { file, nodeFlags = [], args = [], env = {} }: Omit<ServerOptions, 'readyPath'>,
  { port, logFile }: { port: number; logFile: string },
): ChildProcess {
  const log = openSync(logFile, 'a', 0o600)
  const child = spawn(process.execPath, [...nodeFlags, file, ...args], {
    env: { ...cleanEnv(), ...env, HOST: '127.0.0.1', PORT: String(port) },
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

/** Ends whatever server still runs, at once: for when the bench itself is ended. */
export function killServers(): void {
  for (const child of running) child.kill('SIGKILL')
}

/** Stops a process in order. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

/** Finds a port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Settings of a server that happen to stand in our own environment would be measured, too. */
function cleanEnv(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: process.env['HOME'] }
}
