import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { csvCell } from '../output/cells.ts'
import { printList } from '../output/print.ts'
import type { Resource } from '../resources.ts'
import { connect } from '../session.ts'
import type { OutputFormat, Settings } from '../settings.ts'
import { filtersOf } from './list.ts'

/** `casebook … export`: NDJSON unless told, to standard output or to a file that is whole or not there. */
export async function exportAll(
  settings: Settings,
  resource: Resource,
  flags: Readonly<Record<string, string>>,
): Promise<void> {
  const output = settings.output === 'table' ? 'ndjson' : settings.output
  const items = resource.list(connect(settings), filtersOf(resource, flags))
  const file = flags['out']
  if (file === undefined) return printList(items, { output, columns: resource.fields })
  const temporary = `${file}.part`
  try {
    const counted = count(items)
    await pipeline(Readable.from(lines(counted.items, output, resource.fields)), createWriteStream(temporary))
    await rename(temporary, file)
    process.stderr.write(`Wrote ${counted.total()} ${resource.name} to ${file}.\n`)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
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
