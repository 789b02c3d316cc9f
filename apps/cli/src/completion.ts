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
      return writeScript(shell)
    })
}

/** Commands that do something, each of which takes the flags of all. */
function leavesOf(command: Command): Command[] {
  return command.commands.flatMap((inner) => (inner.commands.length === 0 ? [inner] : leavesOf(inner)))
}

/**
 * The script for bash. The words go to `casebook` as they were typed, and nothing of them is run, which the script of the
 * package does; where there is nothing to offer, bash offers files.
 */
const scriptOfBash = `# bash completion for casebook
_casebook_complete() {
    local word words=() cur=\${COMP_WORDS[COMP_CWORD]}
    for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
        [[ $word == "=" ]] || words+=("$word")
    done
    [[ $cur != "=" ]] || { cur="" words+=(""); }
    COMPREPLY=()
    while IFS=$'\\t' read -r word _; do
        [[ $word != :* && $word == "$cur"* ]] && COMPREPLY+=("$(printf %q "$word")")
    done < <(casebook complete -- "\${words[@]}" 2>/dev/null)
}
complete -o default -F _casebook_complete casebook
`

/** Writes the script of a shell. */
async function writeScript(shell: string): Promise<void> {
  if (shell === 'bash') process.stdout.write(scriptOfBash)
  else if (shell === 'powershell') await writeSafely()
  else await complete([shell])
}

/** The script for PowerShell runs what was typed with all that means something put behind a backtick, but for that itself. */
async function writeSafely(): Promise<void> {
  const { log } = console
  console.log = (script: string) => log(script.replace(String.raw`'\s|#|`, String.raw`'\s|${'`'}|#|`))
  try {
    await complete(['powershell'])
  } finally {
    console.log = log
  }
}

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
