import { CommanderError, type Command } from 'commander'
import { complete } from './completion.ts'
import { exitCodes } from './exit-codes.ts'
import { askedForHelp, withoutHelpOfNothing } from './help.ts'
import { endAtOnce } from './interrupts.ts'
import type { GlobalFlags } from './choices.ts'
import { buildTop, namesGroup, pathOf, type OnSettings } from './top-level.ts'

let isOutputLost = false
process.stdout.on('error', (fault: NodeJS.ErrnoException) => {
  // A reader that has seen enough, such as `head`, is no failure.
  if (fault.code === 'EPIPE') process.exit(exitCodes.ok)
  if (!isOutputLost) void endWithout(fault)
  isOutputLost = true
})
process.once('SIGINT', endAtOnce)

const args = process.argv.slice(2)
const running: { words: string; args: readonly string[]; profile: string | undefined } = {
  words: '',
  args,
  profile: undefined,
}
try {
  const onSettings: OnSettings = ({ profile }) => (running.profile = profile)
  const program = namesGroup(args)
    ? (await import('./program.ts')).buildProgram(onSettings, args)
    : buildTop(onSettings)
  program.hook('preAction', (_, command) => {
    running.words = pathOf(command)
  })
  const asked = askedForHelp(program, args)
  if (args[0] === 'complete') await complete(args.slice(1))
  else if (asked !== null) asked.outputHelp()
  else if (isVersionAsked(program, args)) {
    const [{ showVersion }, { readSettings }] = await Promise.all([
      import('./commands/version.ts'),
      import('./settings.ts'),
    ])
    await showVersion(readSettings(program.opts<GlobalFlags>(), process.env))
  } else await program.parseAsync(withoutHelpOfNothing(program, args), { from: 'user' })
} catch (error) {
  // What commander throws besides is its help, which has been shown: where it was not asked for, a command is lacking.
  if (error instanceof CommanderError)
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  else if (!isOutputLost) {
    const { report } = await import('./report.ts')
    process.exitCode = report(error, running)
    // Nothing waits for a connection that has not come to stand.
    if (process.exitCode === exitCodes.unavailable) process.exit()
  }
}

async function endWithout(fault: Error): Promise<never> {
  const { endWithoutOutput } = await import('./end-without-output.ts')
  return endWithoutOutput(fault, running)
}

function isVersionAsked(program: Command, given: readonly string[]): boolean {
  if (!given.includes('--version') && !given.includes('-V')) return false
  const { operands } = program.parseOptions([...given])
  return operands.length === 0
}
