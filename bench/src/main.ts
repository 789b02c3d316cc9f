// `npm run bench`: see options.ts for what it takes, and docs/performance.md for what it has found.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BenchError } from './bench-error.ts'
import type { Bench } from './bench.ts'
import { ensureWrk } from './measure/wrk.ts'
import { readOptions, usage, type Options } from './options.ts'
import { verdictOf, type Outcome } from './outcome.ts'
import { reportOf } from './report.ts'
import { scenarios } from './scenarios/index.ts'
import { openCluster } from './setup/cluster.ts'
import { makeLookups, makeRecords, type Lookups } from './setup/lookups.ts'
import { killServers } from './setup/server.ts'
import { writePage } from './write/performance-page.ts'

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  if (options === null) return void process.stdout.write(usage)
  const chosen = chooseScenarios(options)
  if (process.platform !== 'linux') throw new BenchError('The bench reads /proc, and runs on Linux alone.')
  ensureWrk()
  const folder = mkdtempSync(join(tmpdir(), 'casebook-bench-'))
  // The engine's account has to get through it.
  chmodSync(folder, 0o711)
  process.once('exit', () => {
    killServers()
    rmSync(folder, { recursive: true, force: true })
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130))
  const outcomes = await runAll(chosen, { options, folder })
  const { sentence, exitCode } = verdictOf(outcomes, options)
  process.stdout.write(`\n${sentence}\n`)
  process.exitCode = exitCode
}

async function runAll(
  chosen: readonly string[],
  { options, folder }: { options: Options; folder: string },
): Promise<Outcome[]> {
  await using cluster = await openCluster(folder, options.databaseUrl)
  let lookups: Promise<Lookups> | undefined
  const records = new Map<number, Promise<string>>()
  const bench: Bench = {
    options,
    folder,
    cluster,
    lookups: () => (lookups ??= makeLookups(bench)),
    recordsOf(count) {
      const made = records.get(count) ?? makeRecords(bench, count)
      records.set(count, made)
      return made
    },
    say: (sentence) => void process.stderr.write(`${sentence}\n`),
  }
  const outcomes: Outcome[] = []
  for (const name of chosen) {
    bench.say(`Measuring ${name} …`)
    const outcome = await scenarios[name]?.(bench)
    if (outcome === undefined) continue
    process.stdout.write(reportOf(outcome))
    outcomes.push(outcome)
    // At once: what comes after may break.
    if (options.isWriting) await writePage([outcome], { options, databaseVersion: cluster.version })
  }
  return outcomes
}

function chooseScenarios({ only }: Options): readonly string[] {
  const known = Object.keys(scenarios)
  const unknown = only.filter((name) => !known.includes(name))
  if (unknown.length > 0)
    throw new BenchError(`There is no scenario ${unknown.join(', ')}: there are ${known.join(', ')}.`)
  return only.length === 0 ? known : known.filter((name) => only.includes(name))
}

try {
  await main()
} catch (error) {
  const text =
    error instanceof BenchError ? error.message : error instanceof Error ? error.stack : String(error)
  process.stderr.write(`${text}\n`)
  process.exitCode = error instanceof BenchError ? 2 : 1
}
