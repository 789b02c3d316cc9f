// `npm test`: every check there is, in the order in which they fail fastest. `--static` leaves the test runs out.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled, env, root } from './toolchain.mjs'

ensureInstalled()
const realData = process.env.CASEBOOK_REAL_DATA ?? ''
if (realData !== '' && !existsSync(realData))
  fail(`CASEBOOK_REAL_DATA names ${realData}, which is not there.`)

const checks = [
  ['format', 'oxfmt', ['--check', '.']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings']],
  ['types', 'tsc', ['--build', '--pretty', 'false']],
  ['boundaries', 'turbo', ['boundaries', '--no-color']],
  ['unused code', 'knip', ['--no-progress']],
]
const suites = [
  ['tests on PostgreSQL', 'vitest', ['run'], { CASEBOOK_TEST_ENGINE: 'postgres' }],
  ['tests on PGlite', 'vitest', ['run'], { CASEBOOK_TEST_ENGINE: 'pglite' }],
]
const wanted = process.argv.includes('--static') ? checks : [...checks, ...suites]

for (const [name, command, args, extra] of wanted) {
  const began = performance.now()
  process.stdout.write(`\n== ${name}\n`)
  const done = spawnSync(join(root, 'node_modules', '.bin', command), args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...env, ...extra },
  })
  if (done.status !== 0) fail(`${name}: failed`)
  process.stdout.write(`== ${name}: ok in ${((performance.now() - began) / 1000).toFixed(1)} s\n`)
}
process.stdout.write('\nAll checks passed.\n')

function fail(sentence) {
  process.stderr.write(`\n${sentence}\n`)
  process.exit(1)
}
