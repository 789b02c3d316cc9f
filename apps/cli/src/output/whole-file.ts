import { createWriteStream, existsSync, renameSync, rmSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { stayLean } from '../lean.ts'
import { endAtOnce, takeInterrupts } from '../interrupts.ts'

export type Writing = {
  /** Called when the writing ends, one way or the other. */
  readonly onEnd?: () => void
}

/**
 * Writes a file that is whole or not there, for its owner alone, since it may tell of patients. When it is
 * interrupted, the process ends.
 */
export async function writeFileWhole(
  file: string,
  parts: AsyncIterable<string>,
  { onEnd = () => undefined }: Writing = {},
): Promise<void> {
  stayLean()
  using interrupts = takeInterrupts()
  const temporary = `${file}.part`
  interrupts.signal.addEventListener('abort', () => {
    rmSync(temporary, { force: true })
    onEnd()
    process.stderr.write(`Interrupted: ${file} was not written.\n`)
    endAtOnce()
  })
  rmSync(temporary, { force: true })
  try {
    await pipeline(Readable.from(parts), createWriteStream(temporary, { flags: 'wx', mode: 0o600 }))
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  } finally {
    onEnd()
  }
}

/** Throws CommandFailure for a file that is there, or whose folder is not. */
export function assertMayWrite(file: string, isForced: boolean): void {
  if (!existsSync(dirname(resolve(file))))
    throw new CommandFailure(`There is no folder for ${file}.`, exitCodes.usage)
  if (existsSync(file) && !isForced)
    throw new CommandFailure(`${file} is there already.`, exitCodes.usage, '--force replaces it')
}
