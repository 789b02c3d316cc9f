import { DomainError, idOf, uuidOf, type Caller } from '@casebook/api'
import type { AuthService } from '@casebook/api/auth'
import type { Deps } from '../deps.ts'
import { readPage } from '../pages.ts'
import { ownId } from './accounts.ts'
import { deviceNameOf } from './device-name.ts'

type OwnSessionService = Pick<
  AuthService,
  'logout' | 'listSessions' | 'revokeSession' | 'revokeOtherSessions' | 'revokeAllSessions'
>

/** The sessions of the caller's own account. */
export function createOwnSessionService({ database, cursors }: Deps, caller: Caller): OwnSessionService {
  const { sessions } = database.stores
  return {
    async logout(cookie) {
      cookie.clear()
      if (caller.user === null || caller.session === null) throw new DomainError('no-session')
      await sessions.deleteOwn(caller.user.id, caller.session.id)
      return { message: 'You are logged out.' }
    },

    async listSessions(input) {
      const userId = ownId(caller)
      const page = await readPage(cursors, input, {
        key: { list: 'auth.sessions.list', filters: { userId } },
        fetch: (after: readonly [string] | undefined, limit) =>
          sessions.list(userId, {
            limit,
            after: after === undefined ? undefined : idOf('session', after[0]),
          }),
        keysetOf: (session): readonly [string] => [uuidOf(session.id)],
      })
      const items = page.items.map((session) => ({
        ...session,
        device: deviceNameOf(session.userAgent),
        current: session.id === caller.session?.id,
      }))
      return { ...page, items }
    },

    async revokeSession(id) {
      const isEnded = await sessions.deleteOwn(ownId(caller), id)
      if (!isEnded) throw new DomainError('not-found')
      return null
    },

    async revokeOtherSessions() {
      const count = await sessions.deleteAll(ownId(caller), caller.session?.id)
      return {
        message: count === 1 ? 'Your other session is ended.' : `All ${count} other sessions are ended.`,
      }
    },

    async revokeAllSessions(cookie) {
      const count = await sessions.deleteAll(ownId(caller))
      cookie.clear()
      return { message: count === 1 ? 'Your session is ended.' : `All ${count} sessions are ended.` }
    },
  }
}
