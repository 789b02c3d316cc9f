// Runs on whatever Node the machine has (20 or later): installs what the lockfile names, then hands over to Node 24.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export const root = join(import.meta.dirname, '..')
const bin = join(root, 'node_modules', '.bin')
const stamp = join(root, 'node_modules', '.casebook-installed')
const pnpm = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager

/** The environment of our scripts: Node 24 and the workspace's tools first on the path. */
export const env = {
  ...process.env,
  PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
}

/**
 * Installs when the lockfile is another than at the last install, or when that one brought less than is needed.
 * @param {'to run' | 'to test'} purpose without tests, what only they need is left out
 */
export function ensureInstalled(purpose = 'to run') {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .update(readFileSync(join(root, 'pnpm-workspace.yaml')))
    .digest('hex')
  const [installed, of] = existsSync(stamp) ? readFileSync(stamp, 'utf8').split('\n') : []
  if (installed === wanted && (of === 'to test' || of === purpose)) return
  rmSync(stamp, { force: true })
  process.stderr.write('Installing what Casebook needs (once) …\n')
  const part = purpose === 'to run' ? ['--prod'] : []
  const flags = ['--frozen-lockfile', '--reporter=silent', '--config.confirmModulesPurge=false', ...part]
  const done = spawnSync('npx', ['--yes', pnpm, 'install', ...flags], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
    env: { ...process.env, npm_config_loglevel: 'error', npm_config_update_notifier: 'false' },
  })
  if (done.status !== 0) {
    process.stderr.write('The install failed. Is the npm registry reachable? Try again with: npm start\n')
    process.exit(1)
  }
  writeFileSync(stamp, `${wanted}\n${purpose}`)
}

/** The same, with what Node has compiled kept between runs, which halves the time of a start. */
export const cachingEnv = {
  NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'casebook'),
  ...env,
}

/** Gives the path of the Node 24 that the install has brought. */
export function node24() {
  return join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
}

/**
 * Runs a program of ours with Node 24, in the folder that npm was called from, and ends as it ends.
 * @param {...string} path of its file, below the checkout
 */
export function runProgram(...path) {
  ensureInstalled()
  const done = spawnSync(node24(), [join(root, ...path), ...process.argv.slice(2)], {
    stdio: 'inherit',
    cwd: process.env.INIT_CWD ?? process.cwd(),
    env: cachingEnv,
  })
  process.exit(done.status ?? 130)
}
