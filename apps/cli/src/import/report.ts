import { printOne } from '../output/print.ts'
import type { Settings } from '../settings.ts'
import { quoted } from '../typed-line.ts'
import type { ImportCounts } from './run.ts'

export type Report = {
  readonly counts: ImportCounts
  /** The input. */
  readonly file: string
  readonly source: string
  readonly dryRun: boolean
  /** Where rejected rows are; null when there are none. */
  readonly rejectsFile: string | null
}

/** Prints what became of an import. */
export async function printReport(
  settings: Settings,
  { counts, file, source, dryRun, rejectsFile }: Report,
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
    process.stderr.write(
      `Rejected rows are in ${rejectsFile}; mend them there, and then: ${commandToImport(file, rejectsFile)}\n`,
    )
}

/** The command that imports the rejected rows of this import once they are mended. */
function commandToImport(file: string, rejectsFile: string): string {
  const words = process.argv.slice(2)
  const isOfThisRun = (word: string, place: number) =>
    ['--resume', '--dry-run', '--rejects', '--notes'].includes(word) ||
    /^--(rejects|notes)=/.test(word) ||
    ['--rejects', '--notes'].includes(words[place - 1] ?? '')
  const kept = words.flatMap((word, place) =>
    isOfThisRun(word, place) ? [] : [word === file ? rejectsFile : word],
  )
  return ['casebook', ...kept.map(quoted)].join(' ')
}
