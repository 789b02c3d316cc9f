import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, chownSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { engineAccount } from '../engine/account.ts'

export type Pooler = AsyncDisposable & { readonly url: string }

const binary = findBinary('pgbouncer')

/** Whether PgBouncer is installed; tests that need it are skipped without. */
export const hasPooler = binary !== null

/**
 * Starts PgBouncer, in transaction mode and with few sessions, before a PostgreSQL that listens on a socket.
 * `url` leads to the same database, through it.
 */
export async function openPooler(database: string): Promise<Pooler> {
  const account = engineAccount()
  if (binary === null || account === null) throw new Error('pgbouncer is not installed')
  const server = new URL(database)
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'casebook-pooler-'))
  const file = join(folder, 'pgbouncer.ini')
  writeFileSync(file, configurationOf(server, port))
  for (const path of [folder, file]) chownSync(path, account.uid, account.gid)
  // It refuses to run as root, as PostgreSQL does.
  const child = spawn(binary, ['--quiet', file], { ...account, cwd: '/', stdio: 'ignore' })
  const ended = once(child, 'exit')
  await listening(port)
  return {
    url: `postgres://${server.username}@127.0.0.1:${port}${server.pathname}`,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true })
    },
  }
}

function configurationOf(server: URL, port: number): string {
  return `[databases]
* = host=${server.searchParams.get('host')} port=5432 user=${server.username}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
max_client_conn = 200
`
}

async function listening(port: number): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const socket = connect(port, '127.0.0.1')
    try {
      await once(socket, 'connect')
      return
    } catch (error) {
      if (attempt === 200) throw error
      await sleep(25)
    } finally {
      socket.destroy()
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function findBinary(name: string): string | null {
  // Debian puts what serves into sbin, which is not on everybody's path.
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']
  const files = folders.map((folder) => join(folder, name))
  return files.find(canRun) ?? null
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
