import type { World } from './world.ts'

/** Who calls: everybody whom some rule tells apart, in the order of the table's columns. */
export const actors = [
  'nobody',
  'reader',
  'author',
  'otherAuthor',
  'editor',
  'clinician',
  'admin',
  'linked',
  'otherLinked',
  'disabled',
] as const
export type Actor = (typeof actors)[number]

/**
 * What becomes of a call: `ok`, with something in it where it is a list; `none`, a list without anything, which is 404
 * on the paths that say so; 401 without a credential that counts, 403 not allowed, 404 as if it did not exist; or the
 * reason of another failure, which shows that the caller was let in.
 */
export type Expected = string

export type Entry = {
  readonly procedure: string
  /** Whose object the call is about. */
  readonly on: string
  readonly expected: Readonly<Record<Actor, Expected>>
  readonly inputOf?: InputOf | undefined
  /** The call ends the session that it is made with. */
  readonly endsSession: boolean
}

type InputOf = (world: World, actor: Actor) => unknown

/**
 * Makes one entry: a procedure, with whose object it is where it has several entries; the words of all actors in their
 * order; and the input, which is that of the procedure's first example unless told.
 */
export function entry(call: string | readonly [string, string], words: string, inputOf?: InputOf): Entry {
  const [procedure, on] = typeof call === 'string' ? [call, ''] : call
  const each = words.trim().split(/\s+/)
  if (each.length !== actors.length)
    throw new Error(`${procedure}: ${each.length} words for ${actors.length} actors`)
  const expected = Object.fromEntries(actors.map((actor, index) => [actor, each[index] ?? '']))
  return { procedure, on, expected: expected as Entry['expected'], inputOf, endsSession: false }
}

/** Makes an entry one whose call ends sessions: it is made with an account of its own. */
export function ending(made: Entry): Entry {
  return { ...made, endsSession: true }
}
