import { randomBytes } from 'node:crypto'
import { DomainError, idOf, newId, uuidOf, type Caller } from '@casebook/api'
import type { AuthService, UpdateUserInput, User } from '@casebook/api/auth'
import type { TxStores } from '@casebook/db'
import type { Deps } from '../deps.ts'
import { assertFresh } from '../fresh.ts'
import { once } from '../once.ts'
import { readPage } from '../pages.ts'
import { invitationMail } from './mails.ts'
import { hashToken } from './sessions.ts'

type AdminService = Pick<AuthService, 'listUsers' | 'updateUser' | 'inviteUser' | 'getInvitation'>

/** Other people's accounts; only admins get here. */
export function createAdminService({ database, cursors, publicUrl }: Deps, caller: Caller): AdminService {
  return {
    async listUsers(input) {
      const { limit, cursor, ...filters } = input
      return readPage(
        cursors,
        { limit, cursor },
        {
          key: { list: 'auth.users.list', filters },
          fetch: (after: readonly [string] | undefined, count) =>
            database.stores.users.list({
              ...filters,
              limit: count,
              after: after === undefined ? undefined : idOf('user', after[0]),
            }),
          keysetOf: (user): readonly [string] => [uuidOf(user.id)],
        },
      )
    },

    async updateUser(input) {
      return database.transaction(async (tx) => {
        const admins = await tx.userWriter.countAdmins()
        const locked = await tx.userWriter.lock(input.id)
        if (locked === null) throw new DomainError('not-found')
        assertFresh(caller, locked.user)
        if (admins === 1 && endsAdmin(locked.user, input)) throw new DomainError('last-admin')
        return changeUser(tx, input)
      })
    },

    async inviteUser({ email, role }) {
      return database.transaction((tx) =>
        once(tx, { caller, operation: 'auth.users.invite' }, async () => {
          if ((await tx.users.findByLogin(email)) !== null) throw new DomainError('email-taken')
          const token = randomBytes(24).toString('base64url')
          const id = newId('invitation')
          const invitation = await tx.invitations.insert({ id, tokenHash: hashToken(token), email, role })
          await tx.mail.queue(invitationMail(email, { role, token, publicUrl }))
          return invitation
        }),
      )
    },

    async getInvitation(id) {
      const invitation = await database.stores.invitations.get(id)
      if (invitation === null) throw new DomainError('not-found')
      return invitation
    },
  }
}

function endsAdmin(user: User, { role, disabled }: UpdateUserInput): boolean {
  const isAdmin = user.role === 'admin' && user.disabledAt === null
  return isAdmin && (disabled === true || (role !== undefined && role !== 'admin'))
}

async function changeUser(tx: TxStores, { id, role, disabled }: UpdateUserInput): Promise<User> {
  if (disabled === true) {
    await tx.sessions.deleteAll(id)
    await tx.keys.deleteAll(id)
  }
  return tx.userWriter.update(id, { role, disabled })
}
