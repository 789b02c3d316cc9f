import { Command, Option } from 'commander'
import { addAudit } from './audit-commands.ts'
import { addApply } from './bulk-commands.ts'
import { example } from './help.ts'
import { addKeys } from './key-commands.ts'
import { addResource } from './resource-commands.ts'
import { outputFormats, readSettings, type GlobalFlags, type Settings } from './settings.ts'
import { resources } from './resources.ts'
import { version } from './version.ts'

/** Runs a command; what it needs is loaded when it runs. */
export type Run = (settings: Settings) => Promise<void>

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
    .option(
      '--password-stdin',
      'read the password from standard input; a second line is the code of the second factor',
    )
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
  addApply(program, run)
  addAudit(program, run)
  settle(program)
  return program
}

/** Makes every command throw instead of exit, and show the flags that all commands take. */
function settle(program: Command): void {
  for (const command of program.commands) {
    command.exitOverride().showHelpAfterError('(see --help)').configureHelp({ showGlobalOptions: true })
    settle(command)
  }
}
