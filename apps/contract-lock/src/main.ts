// `npm run contract`: holds the contract against its lock. `--write` locks it as it is now, once version and
// changelog say what has changed; `--release` says that callers have this version now.
import { parseArgs } from 'node:util'
import { readContract } from './read-contract.ts'
import { describe } from './report.ts'
import { judge } from './lock.ts'
import { readLock, readSurroundings, writeLock } from './lock-file.ts'

const { values } = parseArgs({ options: { write: { type: 'boolean' }, release: { type: 'boolean' } } })
const lock = readLock()
const contract = readContract()
const surroundings = readSurroundings()
const verdict = judge(lock, contract, surroundings)

if (values.write === true && verdict.demands.length === 0) {
  const breaks = lock.breaks || verdict.changes.some((change) => change.breaks.length > 0)
  writeLock({ released: lock.released, breaks, ...contract })
  process.stdout.write(`Locked ${verdict.changes.length} changes.\n`)
} else if (values.release === true && verdict.changes.length === 0) {
  writeLock({ released: surroundings.version, breaks: false, ...contract })
  process.stdout.write(`Callers have ${surroundings.version} now.\n`)
} else {
  process.stdout.write(describe(verdict))
  process.exitCode = verdict.changes.length === 0 ? 0 : 1
}
