import type { Command } from 'commander'
import type { KeyFlags } from './commands/keys.ts'
import { example } from './help.ts'
import type { Run } from './program.ts'

/** Adds `casebook keys`: list, create, revoke. */
export function addKeys(program: Command, run: (start: Run) => () => Promise<void>): void {
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
