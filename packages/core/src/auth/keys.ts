import type { CallerKey, CallerUser, KeyId } from '@casebook/api'
import type { Stores } from '@casebook/db'
import { batched } from '../batching.ts'
import { isWholeKey } from './key-text.ts'
import { noteUseOf } from './last-use.ts'
import { hashToken } from './sessions.ts'

export type AuthenticatedByKey = { readonly user: CallerUser; readonly key: CallerKey }

/** The API keys that calls are made with. */
export type Keys = {
  /** Gives who a key acts for, or null when it is mistyped, unknown, revoked, expired, or its owner disabled. */
  authenticate(text: string): Promise<AuthenticatedByKey | null>
}

/** Makes the look-up of keys of a server process. */
export function createKeys({ keys }: Stores): Keys {
  // Each request asks, so that what ends a key or changes its owner tells on the next one.
  const findLive = batched((hashes: readonly string[]) => keys.findLive(hashes), { inFlight: 2, most: 100 })
  const noteUse = noteUseOf((ids: readonly KeyId[]) => keys.noteUse(ids))

  return {
    async authenticate(text) {
      if (!isWholeKey(text)) return null
      const live = await findLive(hashToken(text))
      if (live === undefined) return null
      if (!live.isNoted) await noteUse(live.key.id)
      return { user: live.user, key: live.key }
    },
  }
}
