import { RequestError } from './request-error.ts'

/** Gives the slot back, unless it is held; `hold` gives what gives it back later. */
export type Release = (() => void) & { hold(): () => void }
export type StreamSlots = { take(): Release }

/** Bounds how many whole lists are answered at once; beyond it a caller gets 503. */
export function createStreamSlots(max: number): StreamSlots {
  let taken = 0
  return {
    take() {
      if (taken >= max)
        throw new RequestError(
          'SERVICE_UNAVAILABLE',
          'Too many whole lists are being read. Ask for a page by `limit`, or try again.',
        )
      taken += 1
      let isHeld = false
      let isFree = false
      const free = () => {
        if (!isFree) taken -= 1
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
