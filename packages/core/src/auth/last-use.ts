import { batched } from '../batching.ts'

/** Makes what notes the use of a credential; many uses at once are noted by few writes. */
export function noteUseOf<K>(write: (ids: readonly K[]) => Promise<void>): (id: K) => Promise<void> {
  const note = batched(
    async (ids: readonly K[]) => {
      await write(ids)
      return new Map<K, never>()
    },
    { inFlight: 1, most: 100 },
  )
  return async (id) => {
    await note(id)
  }
}
