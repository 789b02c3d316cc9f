import type { Command } from 'commander'
import { buildProgram } from '../program.ts'
import { version } from '../version.ts'

/** `casebook man`: the manual page of the whole tree, in the language of man(7). */
export function man(): void {
  const program = buildProgram()
  const lines = [
    `.TH CASEBOOK 1 "" "casebook ${version}" "Casebook"`,
    '.SH NAME',
    `casebook \\- ${plain(program.description())}`,
    '.SH SYNOPSIS',
    '.B casebook',
    '.RI [ options ] " command"',
    '.SH OPTIONS',
    ...optionsOf(program),
    '.SH COMMANDS',
    ...program.commands.flatMap((command) => commandLines(command, 'casebook')),
    '.SH EXIT STATUS',
    ...exits.flatMap(([code, meaning]) => ['.TP', `.B ${code}`, plain(meaning)]),
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

const exits: readonly (readonly [code: string, meaning: string])[] = [
  ['0', 'done'],
  ['1', 'failure'],
  ['2', 'usage'],
  ['3', 'cancelled'],
  ['4', 'credentials'],
  ['5', 'not found'],
  ['6', 'conflict'],
  ['7', 'some rows rejected'],
  ['8', 'server away'],
  ['130', 'Ctrl-C'],
]

function commandLines(command: Command, path: string): string[] {
  const words = `${path} ${command.name()}`
  if (command.commands.length > 0) return command.commands.flatMap((inner) => commandLines(inner, words))
  const args = command.registeredArguments.map((argument) =>
    argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
  )
  return [`.SS "${plain([words, ...args].join(' '))}"`, plain(command.description()), ...optionsOf(command)]
}

function optionsOf(command: Command): string[] {
  const { options } = command
  return options
    .filter(({ hidden }) => !hidden)
    .flatMap(({ flags, description, argChoices }) => {
      const choices = argChoices === undefined ? '' : ` (${argChoices.join(', ')})`
      return ['.TP', `.B ${plain(flags)}`, plain(`${description}${choices}`)]
    })
}

/** Text as roff takes it: backslashes and hyphens are told, and no line begins with a control character. */
function plain(text: string): string {
  const told = text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('\n', ' ')
    .replaceAll('"', '\\(dq')
  return /^[.']/.test(told) ? `\\&${told}` : told
}
