#!/usr/bin/env node
import { CommanderError } from 'commander'
import { exitCodes } from './exit-codes.ts'
import { askedForHelp, withoutHelpOfNothing } from './help.ts'
import { endAtOnce } from './interrupts.ts'
import { buildProgram } from './program.ts'

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.ok)
  throw error
})
process.once('SIGINT', endAtOnce)

try {
  const program = buildProgram()
  const args = process.argv.slice(2)
  const asked = askedForHelp(program, args)
  if (asked !== null) asked.outputHelp()
  else await program.parseAsync(withoutHelpOfNothing(program, args), { from: 'user' })
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode =
      error.exitCode === 0 || error.code === 'commander.help' ? exitCodes.ok : exitCodes.usage
  } else {
    const { report } = await import('./report.ts')
    process.exitCode = report(error, process.argv)
  }
}
