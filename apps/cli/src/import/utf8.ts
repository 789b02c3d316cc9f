import { join, parse } from 'node:path'
import { Transform } from 'node:stream'
import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { quoted } from '../typed-line.ts'

/** Passes bytes on, and fails at the first that are no UTF-8: read on, letters would be lost for good. */
export function utf8Only(file = 'FILE.csv'): Transform {
  const { dir, name, ext } = parse(file === '-' ? 'FILE.csv' : file)
  const converted = join(dir, `${name}.utf8${ext}`)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let line = 1
  const check = (chunk?: Buffer): CommandFailure | null => {
    try {
      line += decoder.decode(chunk, { stream: chunk !== undefined }).split('\n').length - 1
      return null
    } catch {
      return new CommandFailure(
        `The input is no UTF-8, from line ${lineOfFault(chunk, line)} on.`,
        exitCodes.usage,
        `convert it first: iconv -f WINDOWS-1252 -t UTF-8 ${quoted(join(dir, name + ext))} > ${quoted(converted)}`,
      )
    }
  }
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(check(chunk), chunk),
    flush: (done) => done(check()),
  })
}

/** The line of the first byte that cannot be read, where the chunk begins on `line`. */
function lineOfFault(chunk: Buffer | undefined, line: number): number {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const lines = chunk?.toString('latin1').split('\n') ?? []
  const bad = lines.findIndex((text) => {
    try {
      decoder.decode(Buffer.from(text, 'latin1'))
      return false
    } catch {
      return true
    }
  })
  return line + Math.max(bad, 0)
}
