import { existsSync, readFileSync } from 'node:fs'
import type { Outcome } from '../outcome.ts'
import { scenarios } from '../scenarios/index.ts'

/** What a scenario found, and where: the machine, the day and the extent of the run. */
export type Run = { readonly machine: string; readonly outcome: Outcome }

/** Reads what was written by the runs before; none where there is no file. */
export function readRuns(file: string): readonly Run[] {
  if (!existsSync(file)) return []
  // Written by this program alone.
  return JSON.parse(readFileSync(file, 'utf8')) as readonly Run[]
}

/** Puts new runs in the place of the old ones of their scenarios, in the order of the scenarios; drops those that are no more. */
export function mergeRuns(before: readonly Run[], fresh: readonly Run[]): readonly Run[] {
  const byScenario = new Map([...before, ...fresh].map((run) => [run.outcome.scenario, run]))
  return Object.keys(scenarios).flatMap((name) => byScenario.get(name) ?? [])
}
