/** Gives the slot back, unless it is held; `hold` gives what gives it back later. */
export type Release = (() => void) & { hold(): () => void }
export type StreamSlots = {
  /** Takes a slot for the call of a context; null when there is none left, or none for this caller. */
  take(ctx: unknown): Release | null
}

/** Who reads a whole list: from where, and with which account if with any. */
export type ListReader = { readonly network: string; readonly account: string | null }

/**
 * Bounds how many whole lists are answered at once, by all transports that share the slots. With `readerOf` nobody takes
 * them all: a network and an account have half of them, those without an account half together, and a quarter from one
 * network; one at least.
 */
export function createStreamSlots(max: number, readerOf?: (ctx: unknown) => ListReader): StreamSlots {
  let taken = 0
  const takenOf = new Map<string, number>()
  const count = (holders: Iterable<string>, change: 1 | -1) => {
    taken += change
    for (const holder of holders) {
      const now = (takenOf.get(holder) ?? 0) + change
      if (now === 0) takenOf.delete(holder)
      else takenOf.set(holder, now)
    }
  }
  return {
    take(ctx) {
      const shares = readerOf === undefined ? new Map<string, number>() : sharesOf(readerOf(ctx), max)
      const isUsedUp = ([holder, most]: [string, number]) => (takenOf.get(holder) ?? 0) >= most
      if (taken >= max || shares.entries().some(isUsedUp)) return null
      count(shares.keys(), 1)
      let isHeld = false
      let isFree = false
      const free = () => {
        if (!isFree) count(shares.keys(), -1)
        isFree = true
      }
      const release = () => {
        if (!isHeld) free()
      }
      const hold = () => {
        isHeld = true
        return free
      }
      return Object.assign(release, { hold })
    },
  }
}

/** Of whose slots a reader takes one, and how many those may take. */
function sharesOf({ network, account }: ListReader, max: number): Map<string, number> {
  const half = Math.max(1, Math.floor(max / 2))
  const quarter = Math.max(1, Math.floor(max / 4))
  const shares = new Map([[`network ${network}`, half]])
  if (account !== null) return shares.set(`account ${account}`, half)
  return shares.set('anonymous', half).set(`anonymous ${network}`, quarter)
}
