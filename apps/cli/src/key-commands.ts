import type { Command } from 'commander'
import type { KeyFlags } from './commands/keys.ts'
import { groupOf } from './contract/groups.ts'
import { dryRunHelp, example } from './help.ts'
import type { RunLater } from './top-level.ts'

/** Adds `casebook keys create`. */
export function addKeys(program: Command, run: RunLater): void {
  groupOf(program, ['keys'])
    .command('create')
    .description('Make an API key, which is shown this once.')
    .argument('<name>', 'what it is for')
    .option('--access <access>', 'read, or full for changes as well (default read)')
    .option('--domains <domains>', 'what it is for: auth, books, records, audit, by commas (default all)')
    .option('--days <number>', 'how long it lives, 365 days at most (default 90)')
    .option('--dry-run', dryRunHelp)
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
}
