/** Chances that are the same for the same seed. */
export type Dice = {
  /** A whole number from 0 to below `bound`. */
  below(bound: number): number
  pick<T>(all: readonly [T, ...T[]]): T
  isLucky(probability: number): boolean
}

/** Makes dice of a seed (the generator mulberry32). */
export function createDice(seed: number): Dice {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    below: (bound) => Math.floor(next() * bound),
    pick: (all) => all[Math.floor(next() * all.length)] ?? all[0],
    isLucky: (probability) => next() < probability,
  }
}
