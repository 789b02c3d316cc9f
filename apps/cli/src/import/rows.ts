import { createReadStream, existsSync, statSync } from 'node:fs'
import type { Readable } from 'node:stream'
import type * as csvParse from 'csv-parse'
import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import type { CheckHeader } from './header.ts'
import { utf8Only } from './utf8.ts'

export type Format = 'csv' | 'ndjson'

/** Where an NDJSON file of rejected rows keeps a line that is no object. */
export const unreadableField = 'unreadable'

/** A row as it stands in the input. */
export type SourceRow = {
  /** Line on which it begins, from 1. */
  readonly line: number
  /** Bytes of the input up to its end. */
  readonly end: number
  readonly cells: Readonly<Record<string, string>>
  /** The object of an NDJSON line. */
  readonly object?: Readonly<Record<string, unknown>>
  /** Why the row cannot be read. */
  readonly problem?: string
  /** All cells of a row that has more or fewer than the header. */
  readonly uneven?: { readonly header: readonly string[]; readonly cells: readonly string[] }
}

/** Throws CommandFailure for a file that is not there; `-` is standard input. */
export function assertInput(file: string): void {
  if (file === '-') return
  if (!existsSync(file)) throw new CommandFailure(`There is no file ${file}.`, exitCodes.usage)
  if (statSync(file).isDirectory()) throw new CommandFailure(`${file} is a folder.`, exitCodes.usage)
}

/** Opens a file, or standard input for `-`. */
export function openInput(file: string): Readable {
  return file === '-' ? process.stdin : createReadStream(file)
}

/** Tells the format by a flag, else by the name of the file. Throws CommandFailure. */
export function formatOf(file: string, flag: string | undefined): Format {
  const format = flag ?? /\.(csv|ndjson|jsonl|json)$/i.exec(file)?.[1]?.toLowerCase()
  if (format === 'csv') return 'csv'
  if (format === 'ndjson' || format === 'jsonl') return 'ndjson'
  if (format === 'json') throw noList(file)
  throw new CommandFailure(
    'It is not clear what the input is.',
    exitCodes.usage,
    'Say --format csv or --format ndjson',
  )
}

/** NDJSON can be read as it comes and resumed at a line; a list of JSON could not. */
function noList(what: string): CommandFailure {
  return new CommandFailure(
    `${what} is one JSON document; an import reads NDJSON, an object a line.`,
    exitCodes.usage,
    "export it with --output ndjson, or: jq -c '.[]' FILE.json > FILE.ndjson",
  )
}

export type Reading = {
  /** Looks over the header of a CSV file. */
  readonly checkHeader?: CheckHeader
  /** Ends the reading. */
  readonly signal?: AbortSignal
  /** Name of the input, for hints. */
  readonly file?: string
}

/** Reads rows one by one, as they are asked for. Throws CommandFailure, and what the signal was aborted with. */
export async function* readRows(
  input: Readable,
  format: Format,
  { checkHeader, signal, file }: Reading = {},
): AsyncGenerator<SourceRow, void, undefined> {
  // Loaded before anything can fail, since an error that nobody listens for yet would end the process.
  const csv = format === 'csv' ? await import('csv-parse') : null
  signal?.throwIfAborted()
  const bytes = input.pipe(utf8Only(file))
  const stop = () => {
    input.destroy()
    bytes.destroy(signal?.reason as Error)
  }
  input.once('error', (error) => bytes.destroy(error))
  signal?.addEventListener('abort', stop)
  try {
    yield* csv === null ? readNdjson(bytes) : readCsv(csv, bytes, checkHeader)
  } finally {
    signal?.removeEventListener('abort', stop)
    input.destroy()
  }
}

type ParsedRow = { record: string[]; info: { lines: number; bytes: number } }

async function* readCsv(
  { CsvError, parse }: typeof csvParse,
  input: Readable,
  checkHeader: CheckHeader | undefined,
): AsyncGenerator<SourceRow, void, undefined> {
  const parser = input.pipe(
    parse({ bom: true, info: true, relax_column_count: true, skip_empty_lines: true }),
  )
  input.once('error', (error) => parser.destroy(error))
  let header: string[] | null = null
  try {
    for await (const { record, info } of parser as AsyncIterable<ParsedRow>) {
      if (header === null) {
        assertHeader(record)
        checkHeader?.(record)
        header = record
      } else yield { ...rowOf(record, header), line: info.lines - lineBreaks(record), end: info.bytes }
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw unreadableCsv(error)
  }
  if (header === null)
    throw new CommandFailure('The input is empty: it lacks even a header.', exitCodes.usage)
}

/** Says what the parser stumbled over; a quote that is not closed opens far above. */
function unreadableCsv({ code, message }: csvParse.CsvError): CommandFailure {
  const line = /at line (\d+)/.exec(message)?.[1]
  const why =
    code === 'CSV_QUOTE_NOT_CLOSED' && line !== undefined
      ? `a quote that opens on line ${line} is never closed.`
      : message
  return new CommandFailure(
    `The input is no CSV: ${why}`,
    exitCodes.failure,
    'mend it, and import it again: what arrived stays as it is. A cell with a quote in it is put in quotes, and the quote written twice',
  )
}

/** Counts the line breaks within cells: the parser tells the line on which a row ends. */
function lineBreaks(record: readonly string[]): number {
  return record.join('').match(/\r\n|\r|\n/g)?.length ?? 0
}

function assertHeader(header: readonly string[]): void {
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
}

/** Makes a row of cells; one of another length than the header cannot be told apart into columns. */
function rowOf(record: readonly string[], header: readonly string[]): Omit<SourceRow, 'line' | 'end'> {
  const cells = Object.fromEntries(header.map((name, index) => [name, record[index] ?? '']))
  if (record.length === header.length) return { cells }
  const surplus = record.slice(header.length).map((cell) => `«${cell}»`)
  const left = surplus.length === 0 ? '' : `; left over: ${surplus.join(', ')}`
  return {
    cells,
    problem: `has ${record.length} cells, the header ${header.length}${left}`,
    uneven: { header, cells: record },
  }
}

async function* readNdjson(input: Readable): AsyncGenerator<SourceRow, void, undefined> {
  let line = 0
  let end = 0
  for await (const text of linesOf(input)) {
    line += 1
    end += Buffer.byteLength(text) + 1
    if (line === 1 && /^\s*\[\s*($|\{)/.test(text)) throw noList('The input')
    if (text.trim() !== '') yield { ...objectRow(text), line, end }
  }
}

/** Splits text into lines; a byte order mark before the first one is none of it. */
async function* linesOf(input: Readable): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of input as AsyncIterable<Buffer>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  yield rest
}

/** Makes a row of a line. One that could not be read comes back from a rejects file as text, which may be mended there. */
function objectRow(text: string): Omit<SourceRow, 'line' | 'end'> {
  const object = parseObject(text)
  const unreadable = object?.[unreadableField]
  if (typeof unreadable === 'string') return objectRow(unreadable)
  if (object !== null) return { cells: {}, object }
  return { cells: { [unreadableField]: text }, problem: 'is no JSON object' }
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}
