import { setTimeout as sleep } from 'node:timers/promises'

const lookMs = 250
const mostMs = 15_000
/** A tenth of a core. */
const calm = 0.1

/**
 * Waits until no more work is done for what was asked before, such as sealing audit entries, so that it is neither
 * left out of its maker's CPU time nor in the way of the next contender. `cpuMicros` is the time that it takes.
 */
export async function settle(cpuMicros: () => number): Promise<void> {
  const deadline = performance.now() + mostMs
  let quiet = 0
  while (quiet < 2 && performance.now() < deadline) {
    const before = { cpu: cpuMicros(), at: performance.now() }
    await sleep(lookMs)
    const used = (cpuMicros() - before.cpu) / 1000 / (performance.now() - before.at)
    quiet = used < calm ? quiet + 1 : 0
  }
}
