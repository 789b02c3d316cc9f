import { Argument, type Command } from 'commander'
import { settingNames } from './choices.ts'
import { dryRunHelp, example } from './help.ts'
import type { RunLater } from './top-level.ts'

/** Adds what is about the command line itself: config, doctor, explain, man. */
export function addOwnCommands(program: Command, run: RunLater): void {
  addConfig(program, run)
  program
    .command('doctor')
    .description(
      'Look what is wrong: server, contract, credentials, clock, files. Ends as the first that is not well.',
    )
    .addHelpText('after', example('casebook doctor', 'casebook doctor --json'))
    .action(run(async (settings) => (await import('./commands/doctor.ts')).doctor(settings)))
  program
    .command('explain')
    .description('Show what the audit trail knows of one request, or what a reason for a failure means.')
    .argument('<request-id>', 'the id that a failure ends with, or a reason such as not-found')
    .addHelpText('after', example('casebook explain not-found'))
    .action((given: string) =>
      run(async (settings) => (await import('./commands/explain.ts')).explain(settings, given))(),
    )
  program
    .command('man')
    .description('Write the manual page: casebook man | man -l -')
    .addHelpText('after', example('casebook man > casebook.1'))
    .action(run(async () => (await import('./commands/man.ts')).man()))
}

function addConfig(program: Command, run: RunLater): void {
  const group = program.command('config').description('Show and set what commands go by.').helpCommand(false)
  const name = () => new Argument('<name>', 'the setting').choices(settingNames)
  group
    .command('list')
    .description(
      'List settings: flags go before the environment, casebook.json, your own settings, defaults.',
    )
    .option('--show-origin', 'say where each comes from')
    .addHelpText('after', example('casebook config list --show-origin'))
    .action((flags: { showOrigin?: boolean }) =>
      run(async (settings) => (await import('./commands/config.ts')).listConfig(settings, flags))(),
    )
  group
    .command('get')
    .description('Show one setting.')
    .addArgument(name())
    .addHelpText('after', example('casebook config get url'))
    .action((typed: string) =>
      run(async (settings) => (await import('./commands/config.ts')).getConfig(settings, typed))(),
    )
  group
    .command('set')
    .description('Set one for the profile in use, in your own settings.')
    .addArgument(name())
    .argument('<value>', 'its value')
    .option('--dry-run', dryRunHelp)
    .addHelpText('after', example('casebook config set output json --profile scripts'))
    .action((typed: string, value: string, flags: { dryRun?: boolean }) =>
      run(async (settings) =>
        (await import('./commands/config.ts')).setConfig(settings, {
          name: typed,
          value,
          isPlan: flags.dryRun === true,
        }),
      )(),
    )
  group
    .command('unset')
    .description('Take one away from your own settings, for the profile in use.')
    .addArgument(name())
    .option('--dry-run', dryRunHelp)
    .addHelpText('after', example('casebook config unset output --profile scripts'))
    .action((typed: string, flags: { dryRun?: boolean }) =>
      run(async (settings) =>
        (await import('./commands/config.ts')).setConfig(settings, {
          name: typed,
          value: undefined,
          isPlan: flags.dryRun === true,
        }),
      )(),
    )
  group
    .command('profiles')
    .description('List the profiles that have settings of yours or a login; --profile uses one.')
    .addHelpText('after', example('casebook config profiles'))
    .action(run(async (settings) => (await import('./commands/config.ts')).listProfiles(settings)))
}
