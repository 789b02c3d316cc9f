import { once } from 'node:events'
import { stayLean } from '../lean.ts'
import type { OutputFormat } from '../choices.ts'
import { csvCell } from './cells.ts'

export type Printing = { readonly output: OutputFormat; readonly columns: readonly string[] }

const tableRows = 100

/** Prints one object. */
export async function printOne(value: object, { output, columns }: Printing): Promise<void> {
  switch (output) {
    case 'json':
      return write(`${JSON.stringify(value, null, 2)}\n`)
    case 'ndjson':
      return write(`${JSON.stringify(value)}\n`)
    case 'csv':
      return printList(values([value]), { output, columns })
    case 'table': {
      const { cellText } = await import('./cells.ts')
      const { tableLines } = await import('./table.ts')
      const rows = Object.entries(value).map(([field, content]) => ({ field, value: cellText(content) }))
      return write(`${tableLines(['field', 'value'], rows, undefined).join('\n')}\n`)
    }
  }
}

/** Prints a list as it comes, at constant memory; waits for a reader that is slower. */
export async function printList(items: AsyncIterable<object>, { output, columns }: Printing): Promise<void> {
  stayLean()
  switch (output) {
    case 'json':
      return printJson(items)
    case 'ndjson':
      for await (const item of items) await write(`${JSON.stringify(item)}\n`)
      return undefined
    case 'csv':
      return printCsv(items, columns)
    case 'table':
      return printTable(items, columns)
  }
}

async function* values(list: readonly object[]): AsyncGenerator<object, void, undefined> {
  yield* list
}

async function printJson(items: AsyncIterable<object>): Promise<void> {
  let isFirst = true
  for await (const item of items) {
    await write(`${isFirst ? '[' : ','}\n  ${JSON.stringify(item)}`)
    isFirst = false
  }
  await write(isFirst ? '[]\n' : '\n]\n')
}

async function printCsv(items: AsyncIterable<object>, columns: readonly string[]): Promise<void> {
  const { stringify } = await import('csv-stringify/sync')
  await write(stringify([[...columns]], { record_delimiter: '\r\n' }))
  for await (const item of items) {
    const row = columns.map((column) => csvCell((item as Record<string, unknown>)[column]))
    await write(stringify([row], { record_delimiter: '\r\n' }))
  }
}

async function printTable(items: AsyncIterable<object>, columns: readonly string[]): Promise<void> {
  const { columnsWithin, tableLines } = await import('./table.ts')
  // A terminal that nobody has told how wide it is says 0.
  const { columns: wide } = process.stdout as { columns?: number }
  const width = wide === 0 ? 80 : wide
  let shown: readonly string[] | undefined
  let rows: object[] = []
  const flush = async () => {
    const isFirst = shown === undefined
    shown ??= columnsWithin(columns, rows, width)
    const lines = tableLines(shown, rows, width)
    if (rows.length > 0) await write(`${lines.slice(isFirst ? 0 : 1).join('\n')}\n`)
    rows = []
  }
  for await (const item of items) {
    if (rows.push(item) === tableRows) await flush()
  }
  if (shown === undefined && rows.length === 0) {
    process.stderr.write('Nothing found.\n')
    return
  }
  await flush()
  const left = columns.slice(shown?.length)
  if (left.length > 0) process.stderr.write(`No room for ${left.join(', ')}; --json has them.\n`)
}

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}
