// `npm run contract`: holds the contract against its lock. `--write` locks it as it is now, once version and
// changelog say what has changed, and writes what follows from it; `--release` says that callers have this version.
import { parseArgs } from 'node:util'
import { judge, type Verdict } from './lock.ts'
import { readLock, readSurroundings, writeLock } from './lock-file.ts'
import { readContract } from './read-contract.ts'
import { describe } from './report.ts'
import { staleFiles, writeFiles } from './written-files.ts'

const { values } = parseArgs({ options: { write: { type: 'boolean' }, release: { type: 'boolean' } } })
const lock = readLock()
const contract = readContract()
const surroundings = readSurroundings()
const verdict = judge(lock, contract, surroundings)

if (values.write === true && verdict.demands.length === 0) write(verdict)
else if (values.release === true && verdict.changes.length === 0) {
  writeLock({ released: surroundings.version, breaks: false, ...contract })
  process.stdout.write(`Callers have ${surroundings.version} now.\n`)
} else {
  const stale = staleFiles(surroundings.version)
  const hints = stale.map((file) => `${file} is not what the contract says: npm run contract -- --write\n`)
  process.stdout.write([describe(verdict), ...hints].join(''))
  process.exitCode = verdict.changes.length + stale.length === 0 ? 0 : 1
}

function write({ changes }: Verdict): void {
  const isReleased = lock.released !== null
  const breaking = isReleased ? changes.filter(({ breaks }) => breaks.length > 0) : []
  writeLock({ released: lock.released, breaks: lock.breaks || breaking.length > 0, ...contract })
  writeFiles(surroundings.version, breaking)
  process.stdout.write(`Locked ${changes.length} changes.\n`)
}
