/** Who notices a change. */
export type Surface = 'RPC' | 'REST' | 'CLI'

/** One change of the contract, in the manner of buf: a rule, what it is about, and whom it breaks. */
export type Change = {
  readonly rule: string
  /** A procedure, an operation, a command or a reason. */
  readonly subject: string
  readonly message: string
  /** Empty for a change that breaks nobody. */
  readonly breaks: readonly Surface[]
}

/** Compares two tables by their keys: what went, what came, and what is in both. */
export function compareKeys<T>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
): { gone: string[]; added: string[]; kept: (readonly [key: string, before: T, after: T])[] } {
  return {
    gone: Object.keys(before).filter((key) => !Object.hasOwn(after, key)),
    added: Object.keys(after).filter((key) => !Object.hasOwn(before, key)),
    kept: Object.entries(before).flatMap(([key, old]) => {
      const now = after[key]
      return now === undefined ? [] : [[key, old, now] as const]
    }),
  }
}

/** Gives what is in the first list and not in the second. */
export function without<T>(list: readonly T[], others: readonly T[]): T[] {
  return list.filter((entry) => !others.includes(entry))
}
