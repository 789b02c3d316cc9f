// Runs one test file longer than `npm test` does.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureInstalled, env, root } from './toolchain.mjs'

/**
 * Reads `--name N` for each count, and `--engine postgres|pglite`. Ends with a sentence when they are wrong.
 * @template {Record<string, number>} T
 * @param {T} defaults
 * @returns {T & { engine: string }}
 */
export function readCounts(defaults) {
  const names = Object.keys(defaults)
  try {
    const options = Object.fromEntries([...names, 'engine'].map((name) => [name, { type: 'string' }]))
    const { values } = parseArgs({ options })
    const counts = names.map((name) => [name, readCount(name, values[name] ?? String(defaults[name]))])
    const engine = values.engine ?? 'postgres'
    if (!['postgres', 'pglite'].includes(engine)) throw new Error('--engine takes postgres or pglite.')
    return { ...Object.fromEntries(counts), engine }
  } catch (error) {
    process.stderr.write(`${error.message}\n`)
    process.exit(2)
  }
}

/**
 * @param {string} name
 * @param {string} text
 */
function readCount(name, text) {
  if (!/^\d{1,10}$/.test(text)) throw new Error(`--${name} takes a whole number, not «${text}».`)
  return Number(text)
}

/**
 * @param {string} file
 * @param {string} engine
 * @param {Record<string, number>} settings
 */
export function runTest(file, engine, settings) {
  ensureInstalled('to test')
  const done = spawnSync(join(root, 'node_modules', '.bin', 'vitest'), ['run', file], {
    cwd: root,
    stdio: 'inherit',
    env: { ...env, ...settings, CASEBOOK_TEST_ENGINE: engine },
  })
  process.exit(done.status ?? 130)
}
