/** Gives the slot back, unless it is held; `hold` gives what gives it back later. */
export type Release = (() => void) & { hold(): () => void }
export type StreamSlots = {
  /** Takes a slot; null when there is none left. */
  take(): Release | null
}

/** Bounds how many whole lists are answered at once, by all transports that share the slots. */
export function createStreamSlots(max: number): StreamSlots {
  let taken = 0
  return {
    take() {
      if (taken >= max) return null
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
