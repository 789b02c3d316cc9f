import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { count, createProgress } from '../output/progress.ts'
import { commandToResume, type Standing } from './journal.ts'
import { shareOf } from './meter.ts'
import { nothingRead, type ImportCounts } from './run.ts'

export type Watching = {
  readonly file: string
  readonly dryRun: boolean
  /** Where the import goes on. */
  readonly before: Standing | null
  readonly isRemembered: boolean
  readonly signal: AbortSignal
}

/** Watches an import for whoever started it: shows how far it is, and says how to go on when it ends too early. */
export function watchImport({ file, dryRun, before, isRemembered, signal }: Watching) {
  const share = shareOf(file)
  let counts: ImportCounts = before?.counts ?? nothingRead
  const standing = (soFar: ImportCounts, bytes: number) => ({
    rows: soFar.read,
    share: share(bytes),
    remark: soFar.rejected === 0 ? undefined : `${count(soFar.rejected)} rejected`,
  })
  const progress = createProgress(standing(counts, before?.bytes ?? 0))
  const sayWait = () => {
    progress.clear()
    process.stderr.write('Ending with what is under way; Ctrl-C again ends at once.\n')
  }
  signal.addEventListener('abort', sayWait)

  return {
    onAcknowledged(soFar: ImportCounts, bytes: number) {
      counts = structuredClone(soFar)
      if (!signal.aborted) progress.show(standing(soFar, bytes))
    },
    end() {
      progress.clear()
      signal.removeEventListener('abort', sayWait)
    },
    /** Gives what to throw for an error that ended the import. */
    explain(error: unknown): unknown {
      const arrived = counts.created + counts.exists
      const said = `${count(arrived)} rows had arrived`
      const isResumable = isRemembered && counts.read > 0
      const hint = isResumable ? commandToResume() : 'run the same command again: what arrived stays as it is'
      if (signal.aborted)
        return dryRun
          ? new CommandFailure('Interrupted: nothing was changed.', exitCodes.interrupted)
          : new CommandFailure(`Interrupted: ${said}.`, exitCodes.interrupted, hint)
      if (arrived > 0 && !dryRun) process.stderr.write(`${said}. To go on: ${hint}\n`)
      return error
    },
  }
}
