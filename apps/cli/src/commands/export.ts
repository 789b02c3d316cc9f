import { extname } from 'node:path'
import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { createGate } from '../gate.ts'
import { csvCell } from '../output/cells.ts'
import { printList } from '../output/print.ts'
import { count, createProgress, rate } from '../output/progress.ts'
import { assertMayWrite, writeFileWhole } from '../output/whole-file.ts'
import type { Listed } from '../resources.ts'
import { connect } from '../session.ts'
import type { OutputFormat } from '../choices.ts'
import type { Settings } from '../settings.ts'
import { filtersOf } from './list.ts'

/** `casebook … export`: to standard output, or to a file that is whole or not there. */
export async function exportAll(
  settings: Settings,
  resource: Listed,
  flags: Readonly<Record<string, string>>,
): Promise<void> {
  const file = flags['out']
  const output = formatOf(settings, file)
  const gate = createGate()
  const items = gate.taking(
    resource.list(
      connect(settings, undefined, { gate, reason: flags['reason'] }),
      filtersOf(resource, flags),
    ),
  )
  if (file === undefined) return printList(items, { output, columns: resource.fields })
  assertMayWrite(file, 'force' in flags)
  const watched = watch(items)
  await writeFileWhole(file, lines(watched.items, output, resource.fields), { onEnd: watched.end })
  process.stderr.write(
    `Wrote ${count(watched.rows())} ${resource.name} to ${file}, ${watched.rate()} a second.\n`,
  )
}

/**
 * The form of an export: as a flag says, else by the name of its file, else as the settings say, else NDJSON. Throws
 * CommandFailure for a table, and where the name of the file says something else.
 */
function formatOf({ output, all }: Settings, file: string | undefined): OutputFormat {
  const isTyped = all.output.origin === '--output'
  if (isTyped && output === 'table')
    throw new CommandFailure('An export is json, ndjson or csv, and no table.', exitCodes.usage)
  const ending = extname(file ?? '').slice(1)
  const named = endings[ending]
  if (isTyped && named !== undefined && named !== output)
    throw new CommandFailure(
      `${file} would hold ${output}, and is named as ${ending}.`,
      exitCodes.usage,
      `name it ….${output}, or leave the form out: the name tells it`,
    )
  if (isTyped) return output
  if (named === undefined && ending !== '')
    throw new CommandFailure(
      `The name ${file} does not tell what the file is to be.`,
      exitCodes.usage,
      'name it .csv, .json or .ndjson, or say --output csv',
    )
  return named ?? (output === 'table' ? 'ndjson' : output)
}

const endings: Readonly<Record<string, OutputFormat>> = {
  csv: 'csv',
  json: 'json',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
}

/** Counts what goes by, and shows how much it is. */
function watch(items: AsyncIterable<object>) {
  const began = performance.now()
  const progress = createProgress({ rows: 0 })
  let rows = 0
  async function* watching() {
    for await (const item of items) {
      rows += 1
      progress.show({ rows })
      yield item
    }
  }
  return {
    items: watching(),
    end: () => progress.clear(),
    rows: () => rows,
    rate: () => rate(rows, (performance.now() - began) / 1000),
  }
}

async function* lines(
  items: AsyncIterable<object>,
  output: OutputFormat,
  columns: readonly string[],
): AsyncGenerator<string, void, undefined> {
  if (output === 'csv') {
    const { stringify } = await import('csv-stringify/sync')
    const row = (cells: string[]) => stringify([cells], { record_delimiter: '\r\n' })
    yield row([...columns])
    for await (const item of items)
      yield row(columns.map((column) => csvCell((item as Record<string, unknown>)[column])))
    return
  }
  if (output === 'ndjson') {
    for await (const item of items) yield `${JSON.stringify(item)}\n`
    return
  }
  let isFirst = true
  for await (const item of items) {
    yield `${isFirst ? '[' : ','}\n  ${JSON.stringify(item)}`
    isFirst = false
  }
  yield isFirst ? '[]\n' : '\n]\n'
}
