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
  const items = gate.taking(resource.list(connect(settings, undefined, { gate }), filtersOf(resource, flags)))
  if (file === undefined) return printList(items, { output, columns: resource.fields })
  assertMayWrite(file, 'force' in flags)
  const watched = watch(items)
  await writeFileWhole(file, lines(watched.items, output, resource.fields), { onEnd: watched.end })
  process.stderr.write(
    `Wrote ${count(watched.rows())} ${resource.name} to ${file}, ${watched.rate()} a second.\n`,
  )
}

/** The form of an export: as told, else by the name of its file, else NDJSON. Throws CommandFailure. */
function formatOf({ output, isOutputTold }: Settings, file: string | undefined): OutputFormat {
  if (output === 'table' && isOutputTold)
    throw new CommandFailure('An export is json, ndjson or csv, and no table.', exitCodes.usage)
  if (isOutputTold) return output
  const ending = /\.(csv|json|ndjson)$/.exec(file ?? '')?.[1]
  return ending === 'csv' || ending === 'json' ? ending : 'ndjson'
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
