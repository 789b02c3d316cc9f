import { Command, Option } from 'commander'
import type { ImportFlags } from './commands/import.ts'
import type { KeyFlags } from './commands/keys.ts'
import { builtInMappings } from './import/built-in.ts'
import { outputFormats, readSettings, type GlobalFlags, type Settings } from './settings.ts'
import { resources, type Resource } from './resources.ts'
import { version } from './version.ts'

/** Runs a command; what it needs is loaded when it runs. */
type Run = (settings: Settings) => Promise<void>

/** Builds the tree of commands. */
export function buildProgram(): Command {
  const program = new Command('casebook')
    .description('Books, patients and records of a Casebook server.')
    .version(version)
    .option('--url <url>', 'address of the server (CASEBOOK_URL; default http://127.0.0.1:3000)')
    .option('--profile <name>', 'which login to use (CASEBOOK_PROFILE; default «default»)')
    .addOption(new Option('-o, --output <format>', `form of the output: ${outputFormats.join(', ')}`))
    .option('--json', 'short for --output json')
    .option('--no-input', 'never ask')
    .option('--debug', 'show stacks of errors')
    .showHelpAfterError('(see casebook --help)')
    .exitOverride()
  const run = (start: Run) => () => start(readSettings(program.opts<GlobalFlags>(), process.env))

  program
    .command('login')
    .description('Log in, and keep the token for the next commands.')
    .argument('[username]', 'user name or e-mail address')
    .option('--password-stdin', 'read the password from standard input')
    .option('--token-stdin', 'take a token from standard input instead of a password')
    .addHelpText(
      'after',
      example('casebook login clinician', 'casebook login clinician --password-stdin < password.txt'),
    )
    .action((username: string | undefined, flags: { passwordStdin?: boolean; tokenStdin?: boolean }) =>
      run(async (settings) =>
        (await import('./commands/login.ts')).login(settings, { username, ...flags }),
      )(),
    )
  program
    .command('logout')
    .description('End the session on the server, and forget its token.')
    .addHelpText('after', example('casebook logout'))
    .action(run(async (settings) => (await import('./commands/logout.ts')).logout(settings)))
  program
    .command('whoami')
    .description('Show the account, the server, and where the token comes from.')
    .addHelpText('after', example('casebook whoami --json'))
    .action(run(async (settings) => (await import('./commands/whoami.ts')).whoami(settings)))

  addKeys(program, run)
  for (const resource of resources) addResource(program, resource, run)
  settle(program)
  return program
}

function addKeys(program: Command, run: (start: Run) => () => Promise<void>): void {
  const group = program.command('keys').description('Make, list and revoke API keys.').helpCommand(false)
  group
    .command('list')
    .description('List your API keys, with their last use.')
    .addHelpText('after', example('casebook keys list', 'casebook keys list --json'))
    .action(run(async (settings) => (await import('./commands/keys.ts')).listKeys(settings)))
  group
    .command('create')
    .description('Make an API key, which is shown this once.')
    .argument('<name>', 'what it is for')
    .option('--access <access>', 'read, or full for changes as well (default read)')
    .option('--domains <domains>', 'what it is for: auth, books, records, audit, by commas (default all)')
    .option('--days <number>', 'how long it lives, 365 days at most (default 90)')
    .addHelpText(
      'after',
      example(
        'casebook keys create "nightly export" --domains books > key.txt',
        'casebook keys create import --access full --domains books --days 7',
      ),
    )
    .action((name: string, flags: KeyFlags) =>
      run(async (settings) => (await import('./commands/keys.ts')).createKey(settings, name, flags))(),
    )
  group
    .command('revoke')
    .description('Revoke an API key.')
    .argument('<id>', 'id of the key')
    .addHelpText('after', example('casebook keys revoke key_01jd3xq5e0f2q8n4v6z8a1b3c8'))
    .action((id: string) =>
      run(async (settings) => (await import('./commands/keys.ts')).revokeKey(settings, id))(),
    )
}

function addResource(program: Command, resource: Resource, run: (start: Run) => () => Promise<void>): void {
  const { name, one, filters } = resource
  const group = program.command(name).description(`Look up, import and export ${name}.`).helpCommand(false)
  const list = group
    .command('list')
    .description(`List ${name}: all of them, or a number of them with --limit.`)
  const exporting = group.command('export').description(`Write all ${name} to standard output or a file.`)
  for (const filter of filters) {
    list.option(`--${filter.name} <${filter.kind}>`, filter.help)
    exporting.option(`--${filter.name} <${filter.kind}>`, filter.help)
  }
  list
    .option('--limit <number>', 'at most so many')
    .addHelpText('after', example(`casebook ${name} list --limit 5`, `casebook ${name} list --output csv`))
    .action((flags: Record<string, string>) =>
      run(async (settings) => (await import('./commands/list.ts')).list(settings, resource, flags))(),
    )
  group
    .command('get')
    .description(`Show one ${one}.`)
    .argument('<id>', `id of the ${one}`)
    .addHelpText(
      'after',
      example(
        `casebook ${name} get ${name === 'books' ? 'book_01jd3xq5e0f2q8n4v6z8a1b3d2' : name === 'records' ? 'rec_01jd3xq5e0f2q8n4v6z8a1b3e2' : 'pat_01jd3xq5e0f2q8n4v6z8a1b3e1'}`,
      ),
    )
    .action((id: string) =>
      run(async (settings) => (await import('./commands/get.ts')).get(settings, resource, id))(),
    )
  exporting
    .option('--out <file>', 'write to this file instead of standard output; its ending tells the form')
    .option('--force', 'replace the file when it is there')
    .addHelpText(
      'after',
      example(
        `casebook ${name} export > ${name}.ndjson`,
        `casebook ${name} export --output csv --out ${name}.csv`,
      ),
    )
    .action((flags: Record<string, string>) =>
      run(async (settings) => (await import('./commands/export.ts')).exportAll(settings, resource, flags))(),
    )
  const importing = group
    .command('import')
    .description(`Import ${name} from CSV or NDJSON; what was imported before stays as it is.`)
    .argument('<file>', 'a file, or - for standard input')
    .option('--format <format>', 'csv or ndjson (default: by the name of the file)')
    .option(
      '--source <name>',
      'where the rows come from, to which their identifiers belong (default: that of the mapping, else casebook)',
    )
    .option(
      '--mapping <name>',
      `how the columns map to our fields: ${Object.keys(builtInMappings).join(', ')}, or a JSON file`,
    )
    .option(
      '--map <field=column>',
      'one field: field=column, field=column:transform, or field==constant; repeatable',
      collect,
    )
    .option('--dry-run', 'check everything on the server, and change nothing')
    .option('--rejects <file>', 'where rejected rows go (default: beside the input)')
    .option('--notes <file>', 'write what was repaired or left out to this file')
    .addHelpText(
      'after',
      example(
        `casebook ${name} import ${name}.ndjson`,
        `casebook ${name} import rows.csv --source archive --dry-run`,
      ),
    )
  if (name === 'books')
    importing.option('--status <status>', 'status of new books: draft or published (default draft)')
  importing.action((file: string, flags: ImportFlags) =>
    run(async (settings) =>
      (await import('./commands/import.ts')).importFile(settings, { resource: name, file, flags }),
    )(),
  )
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value]
}

function example(...commands: string[]): string {
  return `\nExamples:\n${commands.map((command) => `  ${command}`).join('\n')}`
}

/** Makes every command throw instead of exit, and show the flags that all commands take. */
function settle(program: Command): void {
  for (const command of program.commands) {
    command.exitOverride().showHelpAfterError('(see --help)').configureHelp({ showGlobalOptions: true })
    settle(command)
  }
}
