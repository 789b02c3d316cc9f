import { basename, extname } from 'node:path'
import { exitCodes } from '../exit-codes.ts'
import { columnsOf, findMapping } from '../import/mapping.ts'
import { formatOf, openInput, readRows } from '../import/rows.ts'
import { runImport, type ImportCounts } from '../import/run.ts'
import { createSend } from '../import/send.ts'
import { sideFile } from '../import/side-files.ts'
import { printOne } from '../output/print.ts'
import type { Resource } from '../resources.ts'
import { connect } from '../session.ts'
import type { Settings } from '../settings.ts'

export type ImportFlags = {
  readonly format?: string
  readonly source?: string
  readonly mapping?: string
  readonly map?: readonly string[]
  readonly dryRun?: boolean
  readonly rejects?: string
  readonly notes?: string
  readonly status?: string
}

/** `casebook … import <file>` */
export async function importFile(
  settings: Settings,
  { resource, file, flags }: { resource: Resource['name']; file: string; flags: ImportFlags },
): Promise<void> {
  const format = formatOf(file, flags.format)
  const mapping = findMapping(flags.mapping, flags.map ?? [])
  const source = flags.source ?? mapping?.source ?? 'casebook'
  const dryRun = flags.dryRun === true
  const rejects = sideFile(flags.rejects ?? rejectsName(file))
  const progress = createProgress()
  let arrived = 0
  const counts = await runImport({
    resource,
    mapping,
    rows: readRows(openInput(file), format, columnsOf(mapping)),
    batch: { source, dryRun, status: flags.status },
    send: createSend(connect(settings), resource),
    rejects,
    notes: flags.notes === undefined ? null : sideFile(flags.notes),
    onProgress: (soFar) => {
      arrived = soFar.created + soFar.exists
      progress.show(soFar)
    },
  })
    .catch((error: unknown) => {
      if (arrived > 0)
        process.stderr.write(
          `${arrived} rows had arrived${dryRun ? '' : '; run the same command again to go on: they stay as they are'}.\n`,
        )
      throw error
    })
    .finally(() => progress.clear())
  await printReport(settings, {
    counts,
    source,
    dryRun,
    rejectsFile: rejects.rows === 0 ? null : rejects.file,
  })
  if (counts.rejected > 0) process.exitCode = exitCodes.partly
}

function rejectsName(file: string): string {
  if (file === '-') return 'stdin.rejects.csv'
  return `${file.slice(0, file.length - extname(basename(file)).length)}.rejects.csv`
}

type Report = {
  readonly counts: ImportCounts
  readonly source: string
  readonly dryRun: boolean
  readonly rejectsFile: string | null
}

async function printReport(
  settings: Settings,
  { counts, source, dryRun, rejectsFile }: Report,
): Promise<void> {
  const { notes, ...totals } = counts
  const isbns = notes['isbn-taken'] + notes['isbn-repaired'] + notes['isbn-refused']
  const report = {
    source,
    dryRun,
    ...totals,
    ...(isbns === 0
      ? {}
      : {
          isbnsTaken: notes['isbn-taken'],
          isbnsRepaired: notes['isbn-repaired'],
          isbnsRefused: notes['isbn-refused'],
          isbnsEmpty: notes['isbn-empty'],
        }),
    ...(notes['value-dropped'] === 0 ? {} : { valuesLeftOut: notes['value-dropped'] }),
    ...(rejectsFile === null ? {} : { rejectsFile }),
  }
  await printOne(report, { output: settings.output, columns: Object.keys(report) })
  if (dryRun) process.stderr.write('A dry run: nothing was changed.\n')
  if (rejectsFile !== null)
    process.stderr.write(`Rejected rows are in ${rejectsFile}; mend them there, and import that file.\n`)
}

/** A line on standard error that counts rows; only at a terminal. */
function createProgress() {
  const began = performance.now()
  const isShown = process.stderr.isTTY
  return {
    show(counts: ImportCounts) {
      if (!isShown) return
      const rate = Math.round(counts.read / ((performance.now() - began) / 1000))
      process.stderr.write(
        `\r${counts.read} rows, ${rate} a second, ${counts.created} created, ${counts.rejected} rejected\u001B[K`,
      )
    },
    clear() {
      if (isShown) process.stderr.write('\r\u001B[K')
    },
  }
}
