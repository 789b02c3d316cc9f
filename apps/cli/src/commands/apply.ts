import { rm } from 'node:fs/promises'
import { applyRow, explainEnd, type BulkRun } from '../bulk/apply.ts'
import { rowsAtOnce } from '../bulk/calls.ts'
import { chunks } from '../bulk/chunks.ts'
import { checkPlanned } from '../bulk/plan.ts'
import { readPlan, readPlanHead } from '../bulk/plan-file.ts'
import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { shareOf } from '../import/meter.ts'
import { csvRows, sideFile, type SideFile } from '../import/side-files.ts'
import { takeInterrupts } from '../interrupts.ts'
import { clean } from '../output/clean.ts'
import { printOne } from '../output/print.ts'
import { count, createProgress } from '../output/progress.ts'
import { connect } from '../session.ts'
import type { Settings } from '../settings.ts'

export type ApplyFlags = {
  readonly dryRun?: boolean
  readonly skipChanged?: boolean
  readonly yes?: boolean
}

type Counts = { rows: number; changed: number; unchanged: number; refused: number }

/** Refused rows that are named on standard error; all of them are in a file. */
const namedRows = 10

/**
 * `casebook apply <plan>`: looks at every row first, and changes nothing when one of them was changed since, unless
 * such rows are to be skipped. Each change names the version that it was planned on.
 */
export async function applyPlan(settings: Settings, file: string, flags: ApplyFlags): Promise<void> {
  using interrupts = takeInterrupts()
  const { signal } = interrupts
  const { server, resource } = await readPlanHead(file)
  if (server !== settings.url)
    process.stderr.write(`The plan was made on ${server}; this is ${settings.url}.\n`)
  const refusedFile = `${file}.refused.csv`
  await rm(refusedFile, { force: true })
  const refused = await sideFile(refusedFile, await csvRows())
  const mayWithdraw = flags.yes === true || flags.dryRun === true
  const run = { client: connect(settings), resource, isDry: true, mayWithdraw }
  const going = { file, refused, signal }
  const looked = flags.skipChanged === true ? null : await pass(run, going)
  const mayChange = flags.dryRun !== true && (looked === null || looked.refused === 0)
  const counts = looked !== null && !mayChange ? looked : await pass({ ...run, isDry: !mayChange }, going)
  await refused.close()
  await report(settings, { counts, isDry: flags.dryRun === true, hasChanged: mayChange, refusedFile })
}

type Going = { readonly file: string; readonly refused: SideFile; readonly signal: AbortSignal }

/** Goes through a plan once. Throws CasebookError and CommandFailure. */
async function pass(run: BulkRun, { file, refused, signal }: Going): Promise<Counts> {
  const counts: Counts = { rows: 0, changed: 0, unchanged: 0, refused: 0 }
  const progress = createProgress()
  const share = shareOf(file)
  const rows = readPlan(file, { signal })
  try {
    for await (const chunk of chunks(rows, rowsAtOnce)) {
      const done = await Promise.all(
        chunk.map(async ({ line, row }) => {
          const { outcome } = await applyRow(run, row.id, (present) => checkPlanned(row, present))
          return { line, id: row.id, outcome }
        }),
      )
      for (const { line, id, outcome } of done) {
        counts.rows += 1
        if (typeof outcome === 'string') counts[outcome] += 1
        else {
          counts.refused += 1
          await refused.write({ line, id, column: outcome.column, reason: outcome.reason })
          progress.clear()
          if (counts.refused <= namedRows) process.stderr.write(`${clean(`${id}: ${outcome.reason}`)}\n`)
        }
      }
      const remark = run.isDry ? 'looking' : undefined
      progress.show({ rows: counts.rows, share: share(chunk.at(-1)?.end ?? 0), remark })
    }
    return counts
  } catch (error) {
    progress.clear()
    throw explainEnd(error, { changed: run.isDry ? 0 : counts.changed, signal })
  } finally {
    progress.clear()
  }
}

type Done = {
  readonly counts: Counts
  readonly isDry: boolean
  readonly hasChanged: boolean
  readonly refusedFile: string
}

/** Prints what became of a plan. Throws CommandFailure when it was refused. */
async function report(settings: Settings, { counts, isDry, hasChanged, refusedFile }: Done): Promise<void> {
  const told = {
    dryRun: isDry,
    ...counts,
    // What would have been changed, was not.
    ...(isDry || hasChanged ? {} : { changed: 0 }),
    ...(counts.refused === 0 ? {} : { refusedFile }),
  }
  await printOne(told, { output: settings.output, columns: Object.keys(told) })
  if (counts.refused === 0) {
    if (isDry) process.stderr.write('A dry run: nothing was changed.\n')
    return
  }
  const said = `${count(counts.refused)} of ${count(counts.rows)} rows of the plan ${counts.refused === 1 ? 'is' : 'are'} refused, and in ${refusedFile}`
  if (hasChanged) throw new CommandFailure(`${said}.`, exitCodes.partly, 'plan these anew')
  throw new CommandFailure(
    `${said}; nothing was changed.`,
    exitCodes.conflict,
    'plan anew, or apply the others with --skip-changed',
  )
}
