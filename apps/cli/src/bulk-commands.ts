import type { Command } from 'commander'
import type { ApplyFlags } from './commands/apply.ts'
import type { UpdateFlags } from './commands/update-many.ts'
import { example } from './help.ts'
import type { RunLater } from './top-level.ts'
import type { Resource } from './resources.ts'

type Start = RunLater

/** Adds what changes many objects of one kind: `update-many`. */
export function addUpdateMany(group: Command, name: Resource['name'], run: Start): void {
  group
    .command('update-many')
    .description(
      `Change the ${name} that a CSV or NDJSON file names by their ids; the columns are the fields to change.`,
    )
    .argument('<file>', 'a file, such as an edited export, or - for standard input')
    .option('--format <format>', 'csv or ndjson (default: by the name of the file)')
    .option('--set <field=value>', 'give every row this value; repeatable', collect)
    .option('--clear-empty', 'an empty cell takes its field away (default: leaves it as it is)')
    .option('--dry-run', 'change nothing, and say what would be changed')
    .option('--out <file>', 'with --dry-run: write a plan, which casebook apply carries out')
    .option('--force', 'replace the plan when it is there')
    .option('--rejects <file>', 'where rejected rows go (default: beside the input)')
    .option('--yes', 'withdraw books, too, where their status says so')
    .addHelpText(
      'after',
      example(
        `casebook ${name} update-many changes.csv`,
        `casebook ${name} update-many changes.csv --dry-run --out plan.ndjson`,
      ),
    )
    .action((file: string, flags: UpdateFlags) =>
      run(async (settings) =>
        (await import('./commands/update-many.ts')).updateMany(settings, { resource: name, file, flags }),
      )(),
    )
}

/** Adds `casebook apply`. */
export function addApply(program: Command, run: Start): void {
  program
    .command('apply')
    .description('Carry out a plan of changes, if nothing in it was changed since it was made.')
    .argument('<plan>', 'a file that … update-many --dry-run --out has written')
    .option('--dry-run', 'only look whether it can be carried out')
    .option('--yes', 'withdraw books, too, where the plan says so')
    .option('--skip-changed', 'leave out what was changed since, and change the others')
    .addHelpText('after', example('casebook apply plan.ndjson', 'casebook apply plan.ndjson --dry-run'))
    .action((plan: string, flags: ApplyFlags) =>
      run(async (settings) => (await import('./commands/apply.ts')).applyPlan(settings, plan, flags))(),
    )
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value]
}
