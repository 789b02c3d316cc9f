import { Command, Option, type CommanderError } from 'commander'
import { addApply } from './bulk-commands.ts'
import type { LoginFlags } from './commands/login.ts'
import { outputFormats, storeChoices, type GlobalFlags } from './choices.ts'
import { groupOf, groups } from './contract/groups.ts'
import { exitCodes } from './exit-codes.ts'
import { CommandFailure } from './failure.ts'
import { dryRunHelp, example } from './help.ts'
import { addCompletion } from './completion.ts'
import { addOwnCommands } from './own-commands.ts'
import type { Settings } from './settings.ts'

/** Runs a command; what it needs is loaded when it runs. */
export type Run = (settings: Settings) => Promise<void> | void
/** Makes the action of a command out of what it runs. */
export type RunLater = (start: Run) => () => Promise<void>

/** Adds the groups of commands, or at least their names. */
export type AddGroups = (program: Command, run: RunLater) => void
/** Is told the settings that a command runs with. */
export type OnSettings = (settings: Settings) => void

/** Tells whether somebody names a group of commands. */
export function namesGroup(typed: readonly string[]): boolean {
  return typed.some((word) => Object.hasOwn(groups, word))
}

/**
 * Builds the commands at the top. The groups among them are named, which is all that help at the top needs, and takes a
 * third less than filling them; `addGroups` fills them.
 */
export function buildTop(
  onSettings: OnSettings = () => undefined,
  addGroups: AddGroups = nameGroups,
): Command {
  const program = new Command('casebook')
    .description('Books, patients and records of a Casebook server.')
    .option('-V, --version', 'show the version; with --json the server’s, too, and whether the contracts fit')
    .option('--url <url>', 'address of the server (CASEBOOK_URL; default http://127.0.0.1:3000)')
    .option('--profile <name>', 'which login to use (CASEBOOK_PROFILE; default «default»)')
    .addOption(new Option('-o, --output <format>', 'form of the output').choices(outputFormats))
    .option('--json', 'short for --output json')
    .option('--no-input', 'never ask')
    .option('--debug', 'show stacks of errors')
  const run: RunLater = (start) => async () => {
    const { readSettings } = await import('./settings.ts')
    const settings = readSettings(program.opts<GlobalFlags>(), process.env)
    onSettings(settings)
    await start(settings)
  }

  program
    .command('login')
    .description('Log in, and keep the token for the next commands.')
    .argument('[username]', 'user name or e-mail address')
    .option(
      '--password-stdin',
      'read the password from standard input; a second line is the code of the second factor',
    )
    .option('--token-stdin', 'take a token from standard input instead of a password')
    .addOption(
      new Option(
        '--store <place>',
        'where the token is kept: the keyring, a file, or auto, a file only where there is no keyring (CASEBOOK_STORE)',
      ).choices(storeChoices),
    )
    .option('--dry-run', dryRunHelp)
    .addHelpText(
      'after',
      example('casebook login clinician', 'casebook login clinician --password-stdin < password.txt'),
    )
    .action((username: string | undefined, flags: Omit<LoginFlags, 'username'>) =>
      run(async (settings) =>
        (await import('./commands/login.ts')).login(settings, { username, ...flags }),
      )(),
    )
  program
    .command('logout')
    .description('End the session on the server, and forget its token.')
    .option('--dry-run', dryRunHelp)
    .addHelpText('after', example('casebook logout'))
    .action((flags: { dryRun?: boolean }) =>
      run(async (settings) => (await import('./commands/logout.ts')).logout(settings, flags))(),
    )
  program
    .command('whoami')
    .description('Show the account, the server, and where the token comes from.')
    .addHelpText('after', example('casebook whoami --json'))
    .action(run(async (settings) => (await import('./commands/whoami.ts')).whoami(settings)))

  addGroups(program, run)
  addApply(program, run)
  addOwnCommands(program, run)
  addCompletion(program)
  settle(program)
  return program
}

function nameGroups(program: Command): void {
  for (const words of Object.keys(groups)) if (!words.includes(' ')) groupOf(program, [words])
}

/** The words of a command: `books get`. */
export function pathOf(command: Command): string {
  const { parent } = command
  return parent === null ? '' : `${pathOf(parent)} ${command.name()}`.trim()
}

/** Makes every command throw instead of exit, and show the flags that all commands take. */
function settle(command: Command): void {
  command.exitOverride((error) => {
    throw isUsage(error) ? usageFailure(error, pathOf(command)) : error
  })
  // What is wrong is said in one form, by `report`.
  command.configureOutput({ outputError: () => undefined })
  for (const inner of command.commands) settle(inner.configureHelp({ showGlobalOptions: true }))
}

function isUsage({ exitCode, code }: CommanderError): boolean {
  return exitCode !== 0 && code !== 'commander.help'
}

function usageFailure({ message }: CommanderError, words: string): CommandFailure {
  // What was typed too much may be a secret.
  const all = message.replace(/^error: /, '').replace(/(but got \d+): .*$/s, '$1')
  const [what = '', suggestion] = all.split(/\n\(|\)$/)
  const said = [what.replace(/\.$/, ''), ...(suggestion === undefined ? [] : [suggestion])].join('. ')
  const whose = ['casebook', ...(words === '' ? [] : [words])].join(' ')
  return new CommandFailure(said, exitCodes.usage, `${whose} --help says what it takes`)
}
