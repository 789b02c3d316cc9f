import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Options } from '../options.ts'
import { isMet, type Goal, type Outcome } from '../outcome.ts'
import { cellsOf, roundOff } from '../report.ts'
import { drawChart } from './charts.ts'
import { mergeRuns, readRuns, type Run } from './runs.ts'

const root = join(import.meta.dirname, '../../..')
const page = join(root, 'docs/performance.md')
const charts = join(root, 'docs/performance')

const stored = join(charts, 'runs.json')

/**
 * Writes docs/performance.md and a chart for each scenario. Scenarios that did not run keep what was written of them
 * before, with the machine and the day of that run.
 */
export async function writePage(
  outcomes: readonly Outcome[],
  { options, databaseVersion }: { options: Options; databaseVersion: string },
): Promise<void> {
  mkdirSync(charts, { recursive: true })
  const machine = machineOf(options, databaseVersion)
  const runs = mergeRuns(
    readRuns(stored),
    outcomes.map((outcome) => ({ machine, outcome })),
  )
  writeFileSync(stored, `${JSON.stringify(runs, null, 2)}\n`)
  for (const { outcome } of runs)
    writeFileSync(join(charts, `${outcome.scenario}.svg`), await drawChart(outcome))
  const parts = [
    textOf('introduction.md'),
    `## Goals\n\n${goalTable(runs.map(({ outcome }) => outcome))}`,
    textOf('findings.md'),
    ...runs.map(sectionOf),
  ]
  writeFileSync(page, parts.join('\n'))
  spawnSync(join(root, 'node_modules/.bin/oxfmt'), [page, stored], { cwd: root })
}

/** What is written by hand. */
function textOf(name: string): string {
  return readFileSync(join(import.meta.dirname, name), 'utf8')
}

function machineOf({ rounds, seconds, connections }: Options, databaseVersion: string): string {
  const memory = Math.round(totalmem() / 1024 ** 3)
  const model = cpus()[0]?.model ?? 'unknown'
  const day = new Date().toISOString().slice(0, 10)
  return `${day}: ${availableParallelism()} cores (${model}), ${memory} GB, Node ${process.version.slice(1)}, PostgreSQL ${databaseVersion}; ${rounds} rounds of ${seconds} s, ${connections} connections.`
}

function goalTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes.flatMap(({ scenario, goals }) =>
    goals.map((goal) => [
      scenario,
      goal.claim,
      measured(goal),
      `${goal.sense} ${goal.bound} ${goal.unit}`,
      isMet(goal) ? 'met' : '**missed**',
    ]),
  )
  return tableOf([['scenario', 'what', 'measured', 'goal', ''], ...rows])
}

function sectionOf({ machine, outcome: { scenario, title, lines } }: Run): string {
  const head = ['work', 'who', 'amount', 'ratio', 'CPU server', 'CPU database', '']
  const rows = lines.map((line) => {
    const [work = '', who = '', amount = '', unit = '', ...others] = cellsOf(line)
    return [work, who, `${amount} ${unit}`, ...others]
  })
  return `## ${title}\n\n${machine}\n\n![${title}](performance/${scenario}.svg)\n\n${tableOf([head, ...rows])}`
}

function measured({ value, unit }: Goal): string {
  return `${roundOff(value)} ${unit}`
}

function tableOf([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('')
}
