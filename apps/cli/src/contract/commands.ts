import { Argument, Option, type Command } from 'commander'
import { dryRunHelp, example } from '../help.ts'
import type { RunLater } from '../top-level.ts'
import { commandSpecs } from './commands.generated.ts'
import type { CommandSpec, FlagSpec } from './spec.ts'
import { groupOf } from './groups.ts'

/**
 * Adds a command for every procedure that needs no more than a call; with `typed`, those of groups alone that are named in
 * it, since making all of them takes a tenth of a start.
 */
export function addContractCommands(program: Command, run: RunLater, typed?: readonly string[]): void {
  for (const spec of commandSpecs) {
    const [group = ''] = spec.words.split(' ')
    if (typed === undefined || typed.includes(group)) addCommand(program, spec, run)
    else groupOf(program, [group])
  }
}

function addCommand(program: Command, spec: CommandSpec, run: RunLater): void {
  const words = spec.words.split(' ')
  const command = groupOf(program, words.slice(0, -1))
    .command(words.at(-1) ?? '')
    .summary(spec.summary)
    .description(`${spec.summary}.${spec.description === undefined ? '' : ` ${spec.description}`}`)
    .addHelpText('after', example(spec.example))
  for (const field of spec.args) command.addArgument(new Argument(`<${field}>`, helpOfArgument(spec, field)))
  for (const flag of spec.flags) command.addOption(optionOf(flag))
  if (spec.secrets.length > 0) {
    const lines = spec.secrets.map(({ label, required }) => (required ? label : `${label}, if any`))
    command.option('--secrets-stdin', `read from standard input, a line each: ${lines.join('; ')}`)
  }
  if (spec.flags.length + spec.args.length + spec.secrets.length > 0)
    command.option(
      '--input <file>',
      'take the input from a JSON file, or - for standard input; flags go before it',
    )
  if (spec.answer.identifying !== undefined) {
    command
      .option('--reveal', 'show in tables who the patients are; needs --reason')
      .option('--reason <text>', 'why you look; the audit trail keeps it')
  }
  if (spec.destroys === true) command.option('--yes', 'do it without asking')
  if (spec.kind === 'mutation') command.option('--dry-run', dryRunHelp)
  command.action((...given: unknown[]) => {
    const args = given.slice(0, spec.args.length) as string[]
    const flags = command.opts<Record<string, unknown>>()
    return run(async (settings) => (await import('./run.ts')).runProcedure(settings, spec, { args, flags }))()
  })
}

function helpOfArgument({ accounts, ids }: CommandSpec, field: string): string {
  if (accounts === true && field === 'id') return 'id or user name'
  const prefix = ids?.[field]
  return prefix === undefined ? '' : `id, which begins with ${prefix}_`
}

function optionOf({ name, type, help, values }: FlagSpec): Option {
  const option = new Option(`--${name} <${placeholders[type]}>`, help)
  if (type === 'list')
    option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value])
  const choices = type === 'boolean' ? ['true', 'false'] : values
  return choices === undefined || type === 'list' ? option : option.choices(choices)
}

const placeholders: Readonly<Record<FlagSpec['type'], string>> = {
  text: 'text',
  integer: 'number',
  boolean: 'bool',
  list: 'text',
  json: 'json',
}
