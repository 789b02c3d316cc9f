import { parseArgs } from 'node:util'
import { BenchError } from './bench-error.ts'

export type Options = {
  /** Names of the scenarios to run; empty for all. */
  readonly only: readonly string[]
  readonly rounds: number
  /** Seconds of load of one contender in one round. */
  readonly seconds: number
  readonly connections: number
  readonly isQuick: boolean
  readonly isWriting: boolean
  /** A PostgreSQL that runs already; null for one of our own. */
  readonly databaseUrl: string | null
  readonly sizes: Sizes
}

/** How much there is of everything. */
export type Sizes = {
  readonly books: number
  readonly patients: number
  /** Records beside the books, for lookups and pages. */
  readonly lookups: number
  /** Records of the whole list. */
  readonly records: number
  readonly imports: number
  readonly scale: number
  /** What `scale` is held against. */
  readonly small: number
}

export const usage = `Usage: npm run bench -- [options]

Measures Casebook against a hand-written route and its peers, in one run on this machine, and ends with 1 when a
goal is missed.

Options
  --only NAME[,NAME]       these scenarios alone
  --rounds N               interleaved rounds of which the median counts (5)
  --quick                  little data, one short round: tells whether it runs, and judges nothing
  --write                  write docs/performance.md and its charts; with --only, those scenarios alone anew
  --database URL           use this PostgreSQL, which may make databases; else an embedded one is started
  --records N              records of the whole list (1000000)
  --import-records N       records of an import (200000)
  --scale-records N        records of the large table of «scale» (1000000)
  --help
`

const quickSizes: Sizes = {
  books: 2000,
  patients: 50,
  lookups: 3000,
  records: 20_000,
  imports: 3000,
  scale: 6000,
  small: 2000,
}

/** Reads the command line; null when help is asked for. Throws BenchError. */
export function readOptions(args: readonly string[]): Options | null {
  const values = parse(args)
  if (values.help) return null
  const isQuick = values.quick ?? false
  const isWriting = values.write ?? false
  const only = values.only?.split(',').filter((name) => name !== '') ?? []
  if (isWriting && isQuick)
    throw new BenchError('A quick run has nothing to write: leave out --quick or --write.')
  const count = (name: 'rounds' | 'records' | 'import-records' | 'scale-records', otherwise: number) =>
    wholeNumber(name, values[name]) ?? otherwise
  return {
    only,
    isQuick,
    isWriting,
    rounds: count('rounds', isQuick ? 1 : 5),
    seconds: isQuick ? 1 : 3,
    connections: 32,
    databaseUrl: values.database ?? null,
    sizes: isQuick
      ? quickSizes
      : {
          books: 100_000,
          patients: 1000,
          lookups: 100_000,
          records: count('records', 1_000_000),
          imports: count('import-records', 200_000),
          scale: count('scale-records', 1_000_000),
          small: 10_000,
        },
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        rounds: { type: 'string' },
        quick: { type: 'boolean' },
        write: { type: 'boolean' },
        database: { type: 'string' },
        records: { type: 'string' },
        'import-records': { type: 'string' },
        'scale-records': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new BenchError(`${reason}\n\n${usage}`, { cause })
  }
}

function wholeNumber(name: string, text: string | undefined): number | null {
  if (text === undefined) return null
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new BenchError(`--${name} must be a whole number from 1, not «${text}».`)
  return Number(text)
}
