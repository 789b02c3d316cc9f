import { Argument, type Command } from 'commander'
import { example } from './help.ts'

const shells = ['bash', 'zsh', 'fish', 'powershell'] as const

/** Adds `casebook completion`, whose script asks `casebook complete -- …` for what may come next. */
export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('Write what completes commands and flags in a shell; it asks no server.')
    .addArgument(new Argument('<shell>', 'which one').choices(shells))
    .addHelpText(
      'after',
      example('casebook completion bash > casebook.bash', 'casebook completion fish > casebook.fish'),
    )
    .action((shell: string) => {
      if (shell === 'bash') process.stdout.write(wordsOfBash)
      return complete([shell])
    })
}

/** Commands that do something, each of which takes the flags of all. */
function leavesOf(command: Command): Command[] {
  return command.commands.flatMap((inner) => (inner.commands.length === 0 ? [inner] : leavesOf(inner)))
}

/** What the script for bash takes from the package bash-completion, for where that is not installed. */
const wordsOfBash = `declare -F _get_comp_words_by_ref >/dev/null || _get_comp_words_by_ref() {
    words=("\${COMP_WORDS[@]}") cword=$COMP_CWORD cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]}
}
`

/** Answers the script of a shell, or with the name of one writes it. */
export async function complete(args: readonly string[]): Promise<void> {
  const [{ default: tab }, { buildProgram }] = await Promise.all([
    import('@bomb.sh/tab/commander'),
    import('./program.ts'),
  ])
  const program = buildProgram()
  for (const leaf of leavesOf(program)) for (const option of program.options) leaf.addOption(option)
  tab(program)
  await program.parseAsync(['complete', ...args], { from: 'user' })
}
