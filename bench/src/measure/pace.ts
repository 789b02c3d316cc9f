import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Does something at a fixed pace, whether or not the one before has ended: a server that stalls is then asked all
 * the same, and its stall shows in every one that waited. Gives what each answered.
 */
export async function pace(
  work: () => Promise<number>,
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<number[]> {
  const began = performance.now()
  const running: Promise<number>[] = []
  for (let place = 0; place < perSecond * seconds; place += 1) {
    const wait = began + (place * 1000) / perSecond - performance.now()
    if (wait > 0) await sleep(wait)
    running.push(work())
  }
  return Promise.all(running)
}
