import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { readFlags, type Asked, type ImportFlags } from '../import/flags.ts'
import { createCheckHeader } from '../import/header.ts'
import {
  canResume,
  commandToResume,
  noJournal,
  openJournal,
  importBefore,
  type Journal,
} from '../import/journal.ts'
import { openRejects } from '../import/rejects.ts'
import { printReport } from '../import/report.ts'
import { assertInput, openInput, readRows } from '../import/rows.ts'
import { nothingRead, runImport } from '../import/run.ts'
import { createSend } from '../import/send.ts'
import { csvRows, sideFile } from '../import/side-files.ts'
import { watchImport } from '../import/watch.ts'
import { takeInterrupts } from '../interrupts.ts'
import { count } from '../output/progress.ts'
import type { Resource } from '../resources.ts'
import { connect } from '../session.ts'
import type { Settings } from '../settings.ts'

export type Importing = {
  readonly resource: Resource['name']
  readonly file: string
  readonly flags: ImportFlags
}

/** `casebook … import <file>` */
export async function importFile(settings: Settings, { resource, file, flags }: Importing): Promise<void> {
  using interrupts = takeInterrupts()
  const { signal } = interrupts
  assertInput(file)
  const interrupted = flags.dryRun !== true && canResume(file) ? importBefore(file) : null
  const asked = readFlags(file, flags, flags.resume === true ? interrupted?.begun['rejects'] : undefined)
  const { format, mapping, source, status, dryRun } = asked
  const checkHeader = await createCheckHeader(resource, mapping)
  const journal = await journalOf(file, {
    begun: { server: settings.url, resource, ...asked },
    isResumed: flags.resume === true,
    rowsBefore: interrupted?.rows ?? null,
    dryRun,
  })
  const before = journal.standing
  const rejects = await openRejects(asked.rejects, { format, mapping, written: before?.rejects })
  const notes = asked.notes === undefined ? null : await sideFile(asked.notes, await csvRows(), before?.notes)
  const input = openInput(file)
  const watch = watchImport({ file, dryRun, before, isRemembered: journal !== noJournal, signal })
  const counts = await runImport({
    resource,
    mapping,
    rows: readRows(input, format, { checkHeader, signal, file }),
    batch: { source, dryRun, status },
    send: createSend({ client: connect(settings), resource, signal }),
    rejects,
    notes,
    before: before?.counts ?? nothingRead,
    signal,
    onAcknowledged: async (soFar, bytes) => {
      const written = { rejects: await rejects.flush(), notes: await notes?.flush() }
      await journal.keep({ counts: soFar, bytes, ...written })
      watch.onAcknowledged(soFar, bytes)
    },
  })
    .finally(() => {
      watch.end()
      input.destroy()
    })
    .catch((error: unknown) => {
      throw watch.explain(error)
    })
  await journal.forget()
  const rejectsFile = rejects.rows === 0 ? null : rejects.file
  await printReport(settings, { counts, file, source, dryRun, rejectsFile })
  if (counts.rejected > 0) process.exitCode = exitCodes.partly
}

type Remembering = {
  readonly begun: Asked & { readonly server: string; readonly resource: string }
  readonly isResumed: boolean
  readonly rowsBefore: number | null
  readonly dryRun: boolean
}

/** Opens the journal of an import, where there can be one. Throws CommandFailure. */
async function journalOf(
  file: string,
  { begun, isResumed, rowsBefore: rows, dryRun }: Remembering,
): Promise<Journal> {
  const isRemembered = canResume(file) && !dryRun
  if (isResumed && !isRemembered) {
    throw new CommandFailure(
      dryRun
        ? 'A dry run cannot be resumed.'
        : `${file === '-' ? 'Standard input' : file} cannot be read again.`,
      exitCodes.usage,
      'run it without --resume: what arrived stays as it is',
    )
  }
  if (!isRemembered) return noJournal
  if (isResumed && rows === null)
    process.stderr.write(`No import of ${file} was interrupted: it begins at its first row.\n`)
  if (!isResumed && rows !== null)
    process.stderr.write(
      `An import of ${file} was interrupted after ${count(rows)} rows. This one begins anew, which brings nothing twice; to go on instead: ${commandToResume()}\n`,
    )
  return openJournal(file, { begun, resume: isResumed })
}
