import { createWriteStream, existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { csvCell } from '../output/cells.ts'
import { printList } from '../output/print.ts'
import type { Listed } from '../resources.ts'
import { connect } from '../session.ts'
import type { OutputFormat, Settings } from '../settings.ts'
import { filtersOf } from './list.ts'

/** `casebook … export`: to standard output, or to a file that is whole or not there. */
export async function exportAll(
  settings: Settings,
  resource: Listed,
  flags: Readonly<Record<string, string>>,
): Promise<void> {
  const file = flags['out']
  const output = formatOf(settings, file)
  const items = resource.list(connect(settings), filtersOf(resource, flags))
  if (file === undefined) return printList(items, { output, columns: resource.fields })
  assertMayWrite(file, 'force' in flags)
  const temporary = `${file}.part`
  try {
    const counted = count(items)
    // What is exported may tell of patients: it is for nobody else.
    const written = createWriteStream(temporary, { mode: 0o600 })
    await pipeline(Readable.from(lines(counted.items, output, resource.fields)), written)
    await rename(temporary, file)
    process.stderr.write(`Wrote ${counted.total()} ${resource.name} to ${file}.\n`)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** The form of an export: as told, else by the name of its file, else NDJSON. Throws CommandFailure. */
function formatOf({ output, isOutputTold }: Settings, file: string | undefined): OutputFormat {
  if (output === 'table' && isOutputTold)
    throw new CommandFailure('An export is json, ndjson or csv, and no table.', exitCodes.usage)
  if (isOutputTold) return output
  const ending = /\.(csv|json|ndjson)$/.exec(file ?? '')?.[1]
  return ending === 'csv' || ending === 'json' ? ending : 'ndjson'
}

/** Throws CommandFailure for a file that is there, or whose folder is not. */
function assertMayWrite(file: string, isForced: boolean): void {
  if (!existsSync(dirname(resolve(file))))
    throw new CommandFailure(`There is no folder for ${file}.`, exitCodes.usage)
  if (existsSync(file) && !isForced)
    throw new CommandFailure(`${file} is there already.`, exitCodes.usage, '--force replaces it')
}

function count(items: AsyncIterable<object>) {
  let seen = 0
  async function* counting() {
    for await (const item of items) {
      seen += 1
      yield item
    }
  }
  return { items: counting(), total: () => seen }
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
