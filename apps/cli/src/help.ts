import type { Command } from 'commander'

/** Gives the group of commands that was named and nothing more, so that its help is an answer and no failure. */
export function askedForHelp(program: Command, args: readonly string[]): Command | null {
  const found = walk(program, args)
  return found.rest.length === 0 && found.command.commands.length > 0 ? found.command : null
}

/** Takes `--help` away behind a command that there is not, so that this is what is said. */
export function withoutHelpOfNothing(program: Command, args: readonly string[]): string[] {
  const [first, ...asked] = args
  if (first === 'help' && isNothing(walk(program, asked))) return asked
  if (first === 'help' && asked.length > 0) return [...asked, '--help']
  return isNothing(walk(program, args))
    ? args.filter((argument) => argument !== '--help' && argument !== '-h')
    : [...args]
}

/** Tells whether what was typed behind the names of commands is the name of none. */
function isNothing({ command, rest: [next] }: Walked): boolean {
  return command.commands.length > 0 && next !== undefined && !next.startsWith('-') && next !== 'help'
}

type Walked = { readonly command: Command; readonly rest: readonly string[] }

/** Follows the names of commands; `rest` begins with what is none. */
function walk(command: Command, args: readonly string[]): Walked {
  const [name, ...rest] = args
  const inner = command.commands.find((one) => one.name() === name)
  return inner === undefined ? { command, rest: args } : walk(inner, rest)
}

/** Text of the examples that a command's help ends with. */
export function example(...commands: string[]): string {
  return `\nExamples:\n${commands.map((command) => `  ${command}`).join('\n')}`
}

export const dryRunHelp = 'check it, show what would be sent, and what is there now; change nothing'
