import { DomainError, idOf, newId, uuidOf, type Caller, type UserId } from '@casebook/api'
import type { ApiKey, AuthService, KeyListInput, User } from '@casebook/api/auth'
import type { Stores, TxStores } from '@casebook/db'
import { auditEntry, createAuditor } from '../audit/entries.ts'
import type { Deps } from '../deps.ts'
import { onceAgain } from '../once.ts'
import { readPage } from '../pages.ts'
import { ownId } from './accounts.ts'
import { newKeyText, startOf } from './key-text.ts'
import { keyMadeMail } from './mails.ts'
import { lockOwnAccount } from './own-account.ts'
import { hashToken } from './sessions.ts'

type KeyService = Pick<
  AuthService,
  'listKeys' | 'getKey' | 'createKey' | 'revokeKey' | 'listUserKeys' | 'revokeUserKey'
>

/** API keys: the caller's own, and for admins those of others. */
export function createKeyService(deps: Deps, caller: Caller): KeyService {
  const { database } = deps
  const { keys } = database.stores
  const { audited } = createAuditor(database, caller)

  return {
    listKeys: async (input) => listKeysOf({ ...deps, keys }, ownId(caller), input),

    async getKey(id) {
      const key = await keys.getOwn(ownId(caller), id)
      if (key === null) throw new DomainError('not-found')
      return key
    },

    async createKey(input) {
      const text = newKeyText()
      const secret = { keyHash: hashToken(text), start: startOf(text) }
      const key = await database.transaction(async (tx) => {
        const owner = (await lockOwnAccount(tx, caller)).user
        return onceAgain(
          tx,
          { caller, operation: 'auth.keys.create' },
          {
            work: () => makeKey(tx, caller, { owner, ...input, ...secret }),
            // The secret is kept nowhere, so that who asks again gets another one for the same key.
            again: async ({ id }) => {
              const renewed = await tx.keys.renew(id, secret)
              if (renewed === null) throw revokedSince()
              await tellOfKey(tx, caller, { owner, key: renewed, how: 'another secret ' })
              return renewed
            },
          },
        )
      })
      return { ...key, key: text }
    },

    revokeKey: (id) =>
      database.transaction(async (tx) => {
        if (!(await tx.keys.deleteOwn(ownId(caller), id))) throw new DomainError('not-found')
        await tx.auditWriter.append(auditEntry(caller, { action: 'auth.keys.revoke', resource: id }))
        return null
      }),

    listUserKeys: ({ id, ...page }) =>
      audited(
        { action: 'auth.users.keys.list', resource: id },
        async (tx) => {
          if ((await tx.users.get(id)) === null) throw new DomainError('not-found')
          return listKeysOf({ ...deps, keys: tx.keys }, id, page)
        },
        ({ items }) => ({ count: items.length }),
      ),

    revokeUserKey: ({ id, keyId }) =>
      audited(
        { action: 'auth.users.keys.revoke', resource: keyId },
        async (tx) => {
          if (!(await tx.keys.deleteOwn(id, keyId))) throw new DomainError('not-found')
          return null
        },
        () => ({}),
      ),
  }
}

type KeyReads = Pick<Deps, 'cursors'> & Pick<Stores, 'keys'>

function listKeysOf({ cursors, keys }: KeyReads, userId: UserId, input: KeyListInput) {
  return readPage(cursors, input, {
    key: { list: 'auth.keys.list', filters: { userId } },
    fetch: (after: readonly [string] | undefined, limit) =>
      keys.list(userId, {
        limit,
        after: after === undefined ? undefined : idOf('key', after[0]),
      }),
    keysetOf: (key): readonly [string] => [uuidOf(key.id)],
  })
}

type Made = Omit<Parameters<TxStores['keys']['insert']>[0], 'id' | 'userId'> & { readonly owner: User }

async function makeKey(tx: TxStores, caller: Caller, { owner, ...made }: Made): Promise<ApiKey> {
  const key = await tx.keys.insert({ ...made, id: newId('key'), userId: owner.id })
  await tellOfKey(tx, caller, { owner, key })
  return key
}

type NewSecret = { readonly owner: User; readonly key: ApiKey; readonly how?: string }

/** Tells the trail and the owner of a secret that is new. */
async function tellOfKey(tx: TxStores, caller: Caller, { owner, key, how = '' }: NewSecret): Promise<void> {
  const { id, name, access, domains } = key
  const detail = `${how}access=${access} domains=${domains?.join(',') ?? 'all'}`
  await tx.auditWriter.append(auditEntry(caller, { action: 'auth.keys.create', resource: id, detail }))
  await tx.mail.queue(keyMadeMail(owner, { name, address: caller.address }))
}

function revokedSince(): DomainError {
  const detail = 'The API key that this Idempotency-Key made is revoked. Use a new Idempotency-Key.'
  return new DomainError('idempotency-mismatch', { detail })
}
