import { text } from 'node:stream/consumers'
import { exitCodes } from './exit-codes.ts'
import { CommandFailure } from './failure.ts'

/** Reads the lines of standard input. Throws CommandFailure when there are none. */
export async function readLines(): Promise<string[]> {
  const all = (await text(process.stdin)).replace(/\r?\n$/, '')
  if (all === '') throw new CommandFailure('Standard input is empty.', exitCodes.usage)
  return all.split(/\r?\n/)
}
