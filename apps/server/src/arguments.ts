import { parseArgs } from 'node:util'

export type Command =
  | {
      readonly kind: 'serve'
      readonly sample: boolean | null
      readonly migrate: boolean
      /** Null: as the settings say. */
      readonly workers: number | null
    }
  | { readonly kind: 'migrate' }
  | { readonly kind: 'create-admin'; readonly username: string; readonly email: string }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }

/** The command line is wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const usage = `Usage: casebook-server [command] [options]

Commands
  serve (default)   serve; the embedded database is made and migrated on the way
  migrate           bring the database of DATABASE_URL up to date, and end
  admin create      make the first admin: --username NAME --email ADDRESS, the password on standard input

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
      return { kind: 'migrate' }
    case 'admin create': {
      const { username, email } = values
      if (username === undefined || email === undefined)
        throw new UsageError('admin create needs --username and --email.')
      return { kind: 'create-admin', username, email }
    }
    default:
      throw new UsageError(`There is no command «${command}».`)
  }
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
        username: { type: 'string' },
        email: { type: 'string' },
        version: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new UsageError(message.replace(/\. To specify a positional.*/s, '.'))
  }
}
