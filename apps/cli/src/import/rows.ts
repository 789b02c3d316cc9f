import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'

export type Format = 'csv' | 'ndjson'

/** A row as it stands in the input. */
export type SourceRow = {
  /** Line on which it begins, from 1. */
  readonly line: number
  readonly cells: Readonly<Record<string, string>>
  /** The object of an NDJSON line; null when the line is none. */
  readonly object?: Readonly<Record<string, unknown>> | null
}

/** Opens a file, or standard input for `-`. Throws CommandFailure. */
export function openInput(file: string): Readable {
  if (file === '-') return process.stdin
  if (!existsSync(file)) throw new CommandFailure(`There is no file ${file}.`, exitCodes.usage)
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

/** Reads rows one by one, as they are asked for. */
export async function* readRows(input: Readable, format: Format): AsyncGenerator<SourceRow, void, undefined> {
  yield* format === 'csv' ? readCsv(input) : readNdjson(input)
}

type ParsedRow = { record: Record<string, string>; info: { lines: number } }

async function* readCsv(input: Readable): AsyncGenerator<SourceRow, void, undefined> {
  const { parse } = await import('csv-parse')
  const parser = input.pipe(
    parse({ columns: true, bom: true, info: true, relax_column_count: true, skip_empty_lines: true }),
  )
  input.once('error', (error) => parser.destroy(error))
  let line = 2
  try {
    for await (const { record, info } of parser as AsyncIterable<ParsedRow>) {
      yield { line, cells: record }
      line = info.lines + 1
    }
  } catch (error) {
    throw new CommandFailure(
      `Line ${line} is no CSV: ${error instanceof Error ? error.message : String(error)}`,
      exitCodes.failure,
    )
  }
}

async function* readNdjson(input: Readable): AsyncGenerator<SourceRow, void, undefined> {
  let line = 0
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1
    if (text.trim() !== '') yield { line, cells: { json: text }, object: parseObject(text) }
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
