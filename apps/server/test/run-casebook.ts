import { spawn } from 'node:child_process'
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

/** Runs the command line as a script would: no terminal, its settings from `env` alone. */
export async function runCasebook(
  args: readonly string[],
  { env = {}, input = '', cwd }: { env?: Record<string, string>; input?: string; cwd?: string } = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd,
    // There is no keyring where tests run.
    env: { PATH: process.env['PATH'], CASEBOOK_STORE: 'file', ...env },
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code: child.exitCode, out, err, json: parse(out) }
}

function parse(out: string): unknown {
  try {
    return JSON.parse(out)
  } catch {
    return undefined
  }
}
