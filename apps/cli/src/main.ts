#!/usr/bin/env node
import { CommanderError } from 'commander'
import { exitCodes } from './exit-codes.ts'
import { buildProgram } from './program.ts'

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.ok)
  throw error
})
process.once('SIGINT', () => process.exit(exitCodes.interrupted))

try {
  await buildProgram().parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode =
      error.exitCode === 0 || error.code === 'commander.help' ? exitCodes.ok : exitCodes.usage
  } else {
    const { report } = await import('./report.ts')
    process.exitCode = report(error, process.argv)
  }
}
