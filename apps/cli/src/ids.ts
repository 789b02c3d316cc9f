import { exitCodes } from './exit-codes.ts'
import { CommandFailure } from './failure.ts'

/** Lists in which the ids are found, by what they begin with. */
const lists: Readonly<Record<string, string>> = {
  author: 'casebook authors list --q NAME',
  book: 'casebook books list --q WORDS',
  pat: 'casebook patients list --q NAME, or --mrn NUMBER',
  rec: 'casebook records list --q WORDS',
  user: 'casebook users list --q NAME',
}

/**
 * Throws CommandFailure for what is not of the form of an id: a list that is asked for by it would be empty, which looks
 * as if there were nothing.
 */
export function assertId(name: string, prefix: string, value: unknown): void {
  if (value === undefined || (typeof value === 'string' && value.startsWith(`${prefix}_`))) return
  const list = lists[prefix]
  const said = typeof value === 'string' ? value : JSON.stringify(value)
  throw new CommandFailure(
    `${name}: «${said}» is no id, which begins with ${prefix}_.`,
    exitCodes.usage,
    list === undefined ? undefined : `find it: ${list}`,
  )
}
