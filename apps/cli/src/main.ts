import { CommanderError, type Command } from 'commander'
import { complete } from './completion.ts'
import { exitCodes } from './exit-codes.ts'
import { commandProblem } from './failure.ts'
import { wantsJson } from './form.ts'
import { askedForHelp, withoutHelpOfNothing } from './help.ts'
import { endAtOnce } from './interrupts.ts'
import { buildProgram, pathOf } from './program.ts'
import { readSettings, type GlobalFlags } from './settings.ts'

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.ok)
  throw error
})
process.once('SIGINT', endAtOnce)

const args = process.argv.slice(2)
const running: { words: string; args: readonly string[]; profile: string | undefined } = {
  words: '',
  args,
  profile: undefined,
}
try {
  const program = buildProgram(({ profile }) => (running.profile = profile))
  program.hook('preAction', (_, command) => {
    running.words = pathOf(command)
  })
  // As JSON, what commander says of a command that there is not is one problem, below.
  if (wantsJson(args)) program.configureOutput({ writeErr: () => undefined, outputError: () => undefined })
  const asked = askedForHelp(program, args)
  if (args[0] === 'complete') await complete(args.slice(1))
  else if (asked !== null) asked.outputHelp()
  else if (isVersionAsked(program, args)) {
    const { showVersion } = await import('./commands/version.ts')
    await showVersion(readSettings(program.opts<GlobalFlags>(), process.env))
  } else await program.parseAsync(withoutHelpOfNothing(program, args), { from: 'user' })
} catch (error) {
  if (!(error instanceof CommanderError)) {
    const { report } = await import('./report.ts')
    process.exitCode = report(error, running)
    // Nothing waits for a connection that has not come to stand.
    if (process.exitCode === exitCodes.unavailable) process.exit()
  } else if (error.exitCode !== 0 && error.code !== 'commander.help') {
    process.exitCode = exitCodes.usage
    if (wantsJson(args)) {
      const problem = commandProblem(
        error.message.replace(/^error: /, ''),
        exitCodes.usage,
        'casebook --help',
      )
      process.stderr.write(`${JSON.stringify(problem)}\n`)
    }
  }
}

function isVersionAsked(program: Command, given: readonly string[]): boolean {
  if (!given.includes('--version') && !given.includes('-V')) return false
  const { operands } = program.parseOptions([...given])
  return operands.length === 0
}
