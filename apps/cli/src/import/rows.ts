import { createReadStream, existsSync, statSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { utf8Only } from './utf8.ts'

export type Format = 'csv' | 'ndjson'

/** A row as it stands in the input. */
export type SourceRow = {
  /** Line on which it begins, from 1. */
  readonly line: number
  readonly cells: Readonly<Record<string, string>>
  /** The object of an NDJSON line. */
  readonly object?: Readonly<Record<string, unknown>>
  /** Why the row cannot be read. */
  readonly problem?: string
}

/** Opens a file, or standard input for `-`. Throws CommandFailure. */
export function openInput(file: string): Readable {
  if (file === '-') return process.stdin
  if (!existsSync(file)) throw new CommandFailure(`There is no file ${file}.`, exitCodes.usage)
  if (statSync(file).isDirectory()) throw new CommandFailure(`${file} is a folder.`, exitCodes.usage)
  return createReadStream(file)
}

/** Tells the format by a flag, else by the name of the file. Throws CommandFailure. */
export function formatOf(file: string, flag: string | undefined): Format {
  const format = flag ?? /\.(csv|ndjson|jsonl)$/.exec(file)?.[1]
  if (format === 'csv') return 'csv'
  if (format === 'ndjson' || format === 'jsonl') return 'ndjson'
  throw new CommandFailure(
    'It is not clear what the input is.',
    exitCodes.usage,
    'Say --format csv or --format ndjson',
  )
}

/** Reads rows one by one, as they are asked for. A CSV file must have the columns `needed`. Throws CommandFailure. */
export async function* readRows(
  input: Readable,
  format: Format,
  needed: readonly string[] = [],
): AsyncGenerator<SourceRow, void, undefined> {
  const bytes = input.pipe(utf8Only())
  input.once('error', (error) => bytes.destroy(error))
  yield* format === 'csv' ? readCsv(bytes, needed) : readNdjson(bytes)
}

type ParsedRow = { record: string[]; info: { lines: number } }

async function* readCsv(
  input: Readable,
  needed: readonly string[],
): AsyncGenerator<SourceRow, void, undefined> {
  const { parse } = await import('csv-parse')
  const parser = input.pipe(
    parse({ bom: true, info: true, relax_column_count: true, skip_empty_lines: true }),
  )
  input.once('error', (error) => parser.destroy(error))
  let header: string[] | null = null
  try {
    for await (const { record, info } of parser as AsyncIterable<ParsedRow>) {
      if (header === null) header = checkHeader(record, needed)
      else yield rowOf(record, header, info.lines - lineBreaks(record))
    }
  } catch (error) {
    if (error instanceof CommandFailure) throw error
    throw new CommandFailure(
      `The input is no CSV: ${error instanceof Error ? error.message : String(error)}`,
      exitCodes.failure,
    )
  }
}

/** Counts the line breaks within cells: the parser tells the line on which a row ends. */
function lineBreaks(record: readonly string[]): number {
  return record.join('').match(/\r\n|\r|\n/g)?.length ?? 0
}

function checkHeader(header: string[], needed: readonly string[]): string[] {
  const twice = header.find((name, index) => header.indexOf(name) !== index)
  if (twice !== undefined) throw new CommandFailure(`The column «${twice}» is there twice.`, exitCodes.usage)
  const [only = ''] = header
  if (header.length === 1 && /[;\t|]/.test(only)) {
    throw new CommandFailure(
      `The input has one column, «${only}»: its separator is not the comma.`,
      exitCodes.usage,
      'export it with commas between the columns (RFC 4180)',
    )
  }
  const missing = needed.filter((name) => !header.includes(name))
  if (missing.length > 0) {
    throw new CommandFailure(
      `The input has no column ${missing.map((name) => `«${name}»`).join(', ')}.`,
      exitCodes.usage,
      `It has ${header.join(', ')}`,
    )
  }
  return header
}

/** Makes a row of cells; one of another length than the header cannot be told apart into columns. */
function rowOf(record: readonly string[], header: readonly string[], line: number): SourceRow {
  const cells = Object.fromEntries(header.map((name, index) => [name, record[index] ?? '']))
  if (record.length === header.length) return { line, cells }
  const surplus = record.slice(header.length).map((cell) => `«${cell}»`)
  const left = surplus.length === 0 ? '' : `; left over: ${surplus.join(', ')}`
  return { line, cells, problem: `has ${record.length} cells, the header ${header.length}${left}` }
}

async function* readNdjson(input: Readable): AsyncGenerator<SourceRow, void, undefined> {
  let line = 0
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1
    if (text.trim() === '') continue
    const object = parseObject(text)
    yield {
      line,
      cells: { json: text },
      ...(object === null ? { problem: 'is no JSON object' } : { object }),
    }
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}
