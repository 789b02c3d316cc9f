import { exitCodes } from './exit-codes.ts'
import { CommandFailure } from './failure.ts'
import { report, type Running } from './report.ts'
import { systemReason } from './system-error.ts'

/** Ends when standard output takes no more: what was asked for is not there. */
export function endWithoutOutput(error: Error, running: Running): never {
  const why = `Standard output cannot be written: ${systemReason(error) ?? error.message}.`
  process.exit(report(new CommandFailure(why, exitCodes.failure), running))
}
