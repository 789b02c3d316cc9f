import type { CasebookClient } from '@casebook/client'
import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { count } from '../output/progress.ts'
import type { Resource } from '../resources.ts'
import { makeChange, readPresent } from './calls.ts'
import { isRefusal, type Judged, type PlannedRow, type Present, type Refusal } from './plan.ts'

/** What became of one row. */
export type Outcome = 'changed' | 'unchanged' | Refusal

export type BulkRun = {
  readonly client: CasebookClient
  readonly resource: Resource['name']
  /** Whether changes are made, or only judged. */
  readonly isDry: boolean
  /** Whether books may be taken from sight; one by one that is asked for. */
  readonly mayWithdraw: boolean
}

/** Judges a row by what is there now, and makes its change when it may be made. Throws CasebookError. */
export async function applyRow(
  { client, resource, isDry, mayWithdraw }: BulkRun,
  id: string,
  judge: (present: Present | null) => Judged,
): Promise<{ outcome: Outcome; planned: PlannedRow | null }> {
  const judged = judge(await readPresent(client, resource, id))
  if (judged === 'unchanged' || isRefusal(judged)) return { outcome: judged, planned: null }
  if (judged.after['status'] === 'withdrawn' && !mayWithdraw) return { outcome: unsure, planned: null }
  const refusal = isDry ? null : await makeChange(client, resource, judged)
  return { outcome: refusal ?? 'changed', planned: judged }
}

const unsure: Refusal = { column: 'status', reason: 'is to be withdrawn, which needs --yes' }

/** Gives what to throw for an error that ended a run of changes, which may be run again. */
export function explainEnd(
  error: unknown,
  { changed, signal }: { changed: number; signal: AbortSignal },
): unknown {
  const again = 'run the same command again: what is changed already is passed over'
  const said = `${count(changed)} were changed`
  if (signal.aborted) return new CommandFailure(`Interrupted: ${said}.`, exitCodes.interrupted, again)
  if (changed > 0) process.stderr.write(`${said}; ${again}.\n`)
  return error
}
