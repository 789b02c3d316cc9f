import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { testEngine } from '@casebook/db/testing'

const main = join(import.meta.dirname, '../src/main.js')
const flags = JSON.parse(readFileSync(join(import.meta.dirname, '../node-flags.json'), 'utf8')) as string[]

export type Served = {
  readonly child: ChildProcess
  readonly banner: string
  readonly url: string
  /** What it has written to stderr so far. */
  readonly errors: () => string
}

/** Makes what runs `casebook-server` in processes of their own, with their data in a folder. */
export function createServers(folder: string) {
  const children: ChildProcess[] = []

  const run = (args: readonly string[], env: Record<string, string> = {}) => {
    const child = spawn(process.execPath, [...flags, main, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], DATA_DIR: folder, CASEBOOK_ENGINE: testEngine, ...env },
    })
    children.push(child)
    return child
  }

  return {
    /** Runs a command that ends by itself. */
    async outcome(args: readonly string[], env: Record<string, string> = {}, input = '') {
      const child = run(args, env)
      child.stdin.end(input)
      const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
      return { out, err, code: child.exitCode }
    },

    /** Starts a server and waits for its banner. */
    async serve(args: readonly string[] = [], env: Record<string, string> = {}): Promise<Served> {
      const child = run(args, { PORT: String(await freePort()), ...env })
      let banner = ''
      let errors = ''
      child.stderr.on('data', (data: Buffer) => (errors += data.toString()))
      for await (const data of child.stdout as AsyncIterable<Buffer>) {
        banner += data.toString()
        if (banner.includes('Ctrl-C ends it.')) break
      }
      if (!banner.includes('Ctrl-C ends it.')) throw new Error(`the server did not start: ${errors}`)
      const url = /listens on (\S+)/.exec(banner)?.[1] ?? ''
      return { child, banner, url, errors: () => errors }
    },

    endAll: () => Promise.all(children.map(ended)),
  }
}

/** Asks a process to end, and waits until it has. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}
