/** Pseudo-random choices that a seed repeats. */
export type Random = {
  /** A whole number from 0 to `below - 1`. */
  below(below: number): number
  pick<T>(from: readonly [T, ...T[]] | readonly T[]): T
  /** Picks the first ones far more often than the last ones, as words of a language are used (Zipf's law). */
  pickSkewed<T>(from: readonly T[]): T
  /** True in so many of a hundred cases. */
  percent(share: number): boolean
  /** A day between the first of one year and the last of another, `YYYY-MM-DD`. */
  day(firstYear: number, lastYear: number): string
}

/** Makes a generator by mulberry32 (Tommy Ettinger, public domain algorithm). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d_2b_79_f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number) => Math.floor(next() * limit)
  const take = <T>(from: readonly T[], index: number): T => {
    const choice = from[index]
    if (choice === undefined) throw new Error('there is nothing to pick from')
    return choice
  }
  return {
    below,
    pick: (from) => take(from, below(from.length)),
    pickSkewed: (from) => take(from, Math.floor((from.length + 1) ** next()) - 1),
    percent: (share) => next() * 100 < share,
    day(firstYear, lastYear) {
      const first = Date.UTC(firstYear, 0, 1)
      const days = (Date.UTC(lastYear + 1, 0, 1) - first) / 86_400_000
      return new Date(first + below(days) * 86_400_000).toISOString().slice(0, 10)
    },
  }
}
