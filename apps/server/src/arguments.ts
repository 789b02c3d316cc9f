import { parseArgs } from 'node:util'

export type Command =
  | {
      readonly kind: 'serve'
      readonly sample: boolean | null
      readonly migrate: boolean
      /** Null: as the settings say. */
      readonly workers: number | null
    }
  | { readonly kind: 'migrate'; readonly grant: string | null }
  | { readonly kind: 'create-admin'; readonly username: string; readonly email: string }
  | { readonly kind: 'remove-totp'; readonly username: string }
  | {
      readonly kind: 'generate'
      readonly books: number
      readonly patients: number
      readonly records: number
      readonly seed: number | null
    }
  | { readonly kind: 'verify-documents' }
  | { readonly kind: 'rebuild-documents' }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }

/** The command line is wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const usage = `Usage: casebook-server [command] [options]

Commands
  serve (default)   serve; the embedded database is made and migrated on the way
  migrate           bring the database of DATABASE_URL up to date, and end; with --grant ROLE, let that role of
                    PostgreSQL serve from it, without a way to change the audit trail
  admin create      make the first admin: --username NAME --email ADDRESS, the password on standard input
  admin remove-totp take the second factor off an account: --username NAME, or its address
  generate          fill the database with made-up rows: --books N --patients N --records N [--seed N];
                    records without --patients get one patient for every 30
  documents verify  hold the JSON that is stored of each book and record against its columns; exit 1 if any differs
  documents rebuild make that JSON anew, also while servers run

Options
  --sample          load the sample data (the default with the embedded database when it is new)
  --no-sample       start empty
  --migrate         migrate the database of DATABASE_URL before serving
  --workers N       serve by N processes, each of them on a core of its own (the setting WORKERS)
  --version, --help

Settings come from the environment; .env.example lists them.
`

/** Reads the command line. Throws UsageError. */
export function readArguments(args: readonly string[]): Command {
  const { values, positionals } = parse(args)
  if (values.help) return { kind: 'help' }
  if (values.version) return { kind: 'version' }
  const command = positionals.join(' ')
  switch (command) {
    case '':
    case 'serve':
      return {
        kind: 'serve',
        sample: values.sample ?? null,
        migrate: values.migrate ?? false,
        workers: workersOf(values.workers),
      }
    case 'migrate':
      return { kind: 'migrate', grant: values.grant ?? null }
    case 'admin create': {
      const { username, email } = values
      if (username === undefined || email === undefined)
        throw new UsageError('admin create needs --username and --email.')
      return { kind: 'create-admin', username, email }
    }
    case 'admin remove-totp': {
      if (values.username === undefined) throw new UsageError('admin remove-totp needs --username.')
      return { kind: 'remove-totp', username: values.username }
    }
    case 'documents verify':
    case 'documents rebuild':
      return { kind: command === 'documents verify' ? 'verify-documents' : 'rebuild-documents' }
    case 'generate':
      return { kind: 'generate', ...readAmounts(values) }
    default:
      throw new UsageError(`There is no command «${command}».`)
  }
}

const most = 10_000_000
const recordsPerPatient = 30

function readAmounts(values: Partial<Record<'books' | 'patients' | 'records' | 'seed', string>>) {
  const books = readNumber('books', values.books ?? '0')
  const records = readNumber('records', values.records ?? '0')
  const patients =
    values.patients === undefined
      ? Math.ceil(records / recordsPerPatient)
      : readNumber('patients', values.patients)
  if (books + patients + records === 0)
    throw new UsageError('generate needs a number of --books, --patients or --records.')
  if (records > 0 && patients === 0) throw new UsageError('Records need patients: --patients must not be 0.')
  return {
    books,
    patients,
    records,
    seed: values.seed === undefined ? null : readNumber('seed', values.seed),
  }
}

function readNumber(option: string, text: string): number {
  if (!/^\d{1,8}$/.test(text) || Number(text) > most)
    throw new UsageError(`--${option} must be a whole number from 0 to ${most}, such as 1000.`)
  return Number(text)
}

function workersOf(text: string | undefined): number | null {
  if (text === undefined) return null
  const number = /^\d{1,2}$/.test(text) ? Number(text) : 0
  if (number < 1 || number > 64) throw new UsageError(`--workers takes a number from 1 to 64, not «${text}».`)
  return number
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      allowNegative: true,
      options: {
        sample: { type: 'boolean' },
        migrate: { type: 'boolean' },
        workers: { type: 'string' },
        grant: { type: 'string' },
        username: { type: 'string' },
        email: { type: 'string' },
        books: { type: 'string' },
        patients: { type: 'string' },
        records: { type: 'string' },
        seed: { type: 'string' },
        version: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new UsageError(message.replace(/\. To specify a positional.*/s, '.'))
  }
}
