// `npm test`: every check there is, in the order in which they fail fastest. `--static` leaves the test runs out.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureInstalled, env, root } from './toolchain.mjs'

const engines = ['postgres', 'pglite']
/** Packages, and the program that each brings. */
const programs = {
  chromium: '/usr/bin/chromium',
  pgbouncer: '/usr/sbin/pgbouncer',
  zsh: '/usr/bin/zsh',
  fish: '/usr/bin/fish',
}

ensureInstalled('to test')
if (!process.argv.includes('--static')) ensurePrograms()
const realData = process.env.CASEBOOK_REAL_DATA ?? ''
if (realData !== '' && !existsSync(realData))
  fail(`CASEBOOK_REAL_DATA names ${realData}, which is not there.`)

check('format', ['oxfmt', '--check', '.'])
check('lint', ['oxlint', '--type-aware', '--deny-warnings'])
check('types', ['tsc', '--build', '--pretty', 'false'])
check('boundaries', ['turbo', 'boundaries', '--no-color'])
check('unused code', ['knip', '--no-progress'])
if (!process.argv.includes('--static')) test()
process.stdout.write('\nAll checks passed.\n')

function test() {
  const folder = mkdtempSync(join(tmpdir(), 'casebook-test-'))
  const counts = engines.map((engine) => {
    const report = join(folder, `${engine}.json`)
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    // Tests wait for processes and clocks more than they compute. With projects, vitest takes this from its command alone.
    const run = ['vitest', 'run', '--maxWorkers=2', ...reporters]
    check(`tests on ${engine}`, run, { CASEBOOK_TEST_ENGINE: engine })
    return JSON.parse(readFileSync(report, 'utf8'))
  })
  rmSync(folder, { recursive: true })
  const sum = (name) => counts.reduce((total, one) => total + one[name], 0)
  process.stdout.write(
    `\n${sum('numPassedTests')} passed, ${sum('numFailedTests')} failed, ${sum('numPendingTests')} skipped\n`,
  )
}

/**
 * Some tests need programs of Debian's: pages are tested in Chromium, poolers with PgBouncer, completion
 * in zsh and fish. As root, those that
 * lack are installed; else their tests are skipped.
 */
function ensurePrograms() {
  const lacking = Object.entries(programs).filter(([, path]) => !existsSync(path))
  if (lacking.length === 0 || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return
  const names = lacking.map(([name]) => name)
  process.stdout.write(`Installing ${names.join(' and ')} (once) …\n`)
  const apt = (...args) =>
    spawnSync('apt-get', ['-qq', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  apt('update')
  for (const name of names) apt('install', '-y', '--no-install-recommends', name)
}

/**
 * @param {string} name
 * @param {string[]} command
 * @param {Record<string, string>} [settings]
 */
function check(name, [command, ...args], settings = {}) {
  const began = performance.now()
  process.stdout.write(`\n== ${name}\n`)
  const done = spawnSync(join(root, 'node_modules', '.bin', command), args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...env, ...settings },
  })
  if (done.status !== 0) fail(`${name}: failed`)
  process.stdout.write(`== ${name}: ok in ${((performance.now() - began) / 1000).toFixed(1)} s\n`)
}

/** @param {string} sentence */
function fail(sentence) {
  process.stderr.write(`\n${sentence}\n`)
  process.exit(1)
}
