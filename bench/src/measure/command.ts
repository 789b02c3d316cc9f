import { spawnSync } from 'node:child_process'

/** What one run of a command took, in milliseconds. */
export type Run = {
  readonly wall: number
  /** User and system, as bash counts it. */
  readonly cpu: number
}

/** Runs a command whose answer nobody reads. Throws when it fails. */
export function timeCommand(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Run {
  const script = `TIMEFORMAT='%R %U %S'; time "$0" "$@" >/dev/null 2>&1 || exit 1`
  const { stderr, status } = spawnSync('bash', ['-c', script, command, ...args], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', ...env },
  })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed`)
  const [real = Number.NaN, user = Number.NaN, system = Number.NaN] = stderr.trim().split(' ').map(Number)
  return { wall: real * 1000, cpu: (user + system) * 1000 }
}
