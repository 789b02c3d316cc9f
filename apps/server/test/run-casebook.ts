import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const main = join(import.meta.dirname, '../../cli/src/main.js')

export type Ran = {
  readonly code: number | null
  readonly out: string
  readonly err: string
  readonly json: unknown
}

type Given = { env?: Record<string, string>; input?: string; cwd?: string }

/** A run of the command line that is under way. */
export type Running = { readonly child: ChildProcess; readonly ended: Promise<Ran> }

/** Runs the command line as a script would: no terminal, its settings from `env` alone. */
export function runCasebook(args: readonly string[], given: Given = {}): Promise<Ran> {
  return startCasebook(args, given).ended
}

/** Starts the command line, to do something to it while it runs. */
export function startCasebook(args: readonly string[], given: Given = {}): Running {
  return start(process.execPath, [main, ...args], given)
}

/** Runs a line of bash in which `casebook` is the command line. */
export function runShell(line: string, given: Given): Promise<Ran> {
  const casebook = `casebook() { "${process.execPath}" "${main}" "$@"; }`
  return start('bash', ['--norc', '-c', `${casebook}; ${line}`], given).ended
}

function start(command: string, args: readonly string[], { env = {}, input = '', cwd }: Given): Running {
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd,
    // There is no keyring where tests run.
    env: { PATH: process.env['PATH'], CASEBOOK_STORE: 'file', ...env },
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return {
    child,
    ended: ended.then(([out, err]) => ({ code: child.exitCode, out, err, json: parse(out) })),
  }
}

function parse(out: string): unknown {
  try {
    return JSON.parse(out)
  } catch {
    return undefined
  }
}
