import { statSync } from 'node:fs'

/** Tells what part of all some bytes of an input are, from 0 to 1; undefined where nobody knows how much there is. */
export type Share = (bytes: number) => number | undefined

/** Makes what measures a file; of standard input, nobody knows how long it is. */
export function shareOf(file: string): Share {
  const size = file === '-' ? 0 : statSync(file).size
  return (bytes) => (size === 0 ? undefined : Math.min(1, bytes / size))
}
