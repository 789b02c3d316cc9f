import { execFile, spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { BenchError } from '../bench-error.ts'

const run = promisify(execFile)
const script = join(import.meta.dirname, 'requests.lua')

/** A request of a load. */
export type Request = { readonly method?: 'GET' | 'POST'; readonly path: string; readonly body?: string }

export type WrkOptions = {
  readonly url: string
  /** File of `writeRequests`. */
  readonly file: string
  /** Which of its requests is the first. */
  readonly place: number
  readonly headers: Readonly<Record<string, string>>
  readonly connections: number
  readonly seconds: number
}

export type WrkResult = { readonly requests: number; readonly seconds: number }

/** Finds wrk; as root it is installed where it lacks. Throws BenchError. */
export function ensureWrk(): void {
  if (spawnSync('wrk', ['--version']).error === undefined) return
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    process.stderr.write('Installing wrk (once) …\n')
    const apt = (...args: string[]) =>
      spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 'ignore', 'inherit'] })
    apt('update')
    apt('install', '-y', '--no-install-recommends', 'wrk')
    if (spawnSync('wrk', ['--version']).error === undefined) return
  }
  throw new BenchError('The load comes from wrk, which is not installed: sudo apt-get install wrk')
}

/** Writes requests as wrk's script reads them. */
export function writeRequests(file: string, requests: readonly Request[]): void {
  const lines = requests.map(({ method = 'GET', path, body = '' }) => `${method}\t${path}\t${body}\n`)
  writeFileSync(file, lines.join(''))
}

/** Loads a server. Throws when an answer was an error, since its figures would mean nothing. */
export async function runWrk({
  url,
  file,
  place,
  headers,
  connections,
  seconds,
}: WrkOptions): Promise<WrkResult> {
  const headerFlags = Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`])
  const flags = [
    '--threads',
    '1',
    '--connections',
    `${connections}`,
    '--duration',
    `${seconds}s`,
    '--timeout',
    '30s',
  ]
  const target = ['--script', script, url, '--', file, `${place}`]
  const { stdout } = await run('wrk', [...flags, ...headerFlags, ...target])
  const line = stdout.split('\n').find((text) => text.startsWith('{'))
  if (line === undefined) throw new Error(`wrk said nothing of its result: ${stdout}`)
  const { requests, micros, refused, broken } = JSON.parse(line) as Record<string, number> & {
    requests: number
    micros: number
  }
  if (refused !== 0 || broken !== 0 || requests === 0)
    throw new Error(`${url}: of ${requests} requests ${refused} were refused and ${broken} broke`)
  return { requests, seconds: micros / 1e6 }
}
