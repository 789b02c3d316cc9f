import { Nothing } from '../fields.ts'
import { returns } from '../returns.ts'
import { procedure, router } from '../trpc.ts'
import { exampleKey, exampleOtherKey, exampleUser } from './examples.ts'
import {
  ApiKey,
  CreateKeyInput,
  KeyIdInput,
  KeyListInput,
  KeyPage,
  NewApiKey,
  UserKeyIdInput,
  UserKeyListInput,
} from './key-schema.ts'

const tags = ['API keys'] as const

export const keysRouter = router({
  list: procedure
    .meta({
      access: 'user',
      keys: 'refused',
      summary: 'List your API keys',
      description:
        'Latest first, with those that have expired; the keys themselves are shown to nobody again.',
      tags,
      errors: ['invalid-cursor'],
      examples: [{ summary: 'All', input: {}, output: { items: [exampleKey], nextCursor: null } }],
      rest: { method: 'GET', path: '/api/user/keys', list: {} },
    })
    .input(KeyListInput)
    .output(returns(KeyPage))
    .query(({ ctx, input }) => ctx.auth.listKeys(input)),

  get: procedure
    .meta({
      access: 'user',
      keys: 'refused',
      summary: 'Show one of your API keys',
      description: 'What it may do, until when, and when it was last used; never the key itself.',
      tags,
      errors: ['not-found'],
      examples: [{ summary: 'By its id', input: { id: exampleKey.id }, output: exampleKey }],
      rest: { method: 'GET', path: '/api/user/keys/{id}' },
    })
    .input(KeyIdInput)
    .output(returns(ApiKey))
    .query(({ ctx, input }) => ctx.auth.getKey(input.id)),

  create: procedure
    .meta({
      access: 'user',
      keys: 'refused',
      summary: 'Make an API key',
      description:
        'For scripts: it acts for you, as you are when it is used, within its access and domains. `key` is in this answer alone; send it as the bearer token. The same `Idempotency-Key` again gives the same API key with a new `key`, and the one before is void, since it is kept nowhere.',
      tags,
      errors: ['idempotency-mismatch'],
      examples: [
        {
          summary: 'One that reads books, for 90 days',
          input: { name: 'nightly export', access: 'read', domains: ['books'] },
          output: { ...exampleKey, lastUsedAt: null, key: `${exampleKey.start}…` },
        },
      ],
      rest: { method: 'POST', path: '/api/user/keys', status: 201, location: '/api/user/keys/{id}' },
    })
    .input(CreateKeyInput)
    .output(returns(NewApiKey))
    .mutation(({ ctx, input }) => ctx.auth.createKey(input)),

  revoke: procedure
    .meta({
      access: 'user',
      keys: 'refused',
      summary: 'Revoke one of your API keys',
      description: 'It is refused from then on, in every process.',
      tags,
      errors: ['not-found'],
      examples: [{ summary: 'By its id', input: { id: exampleKey.id }, output: null }],
      rest: { method: 'DELETE', path: '/api/user/keys/{id}' },
    })
    .input(KeyIdInput)
    .output(returns(Nothing))
    .mutation(({ ctx, input }) => ctx.auth.revokeKey(input.id)),
})

/** API keys of other people's accounts. */
export const userKeysRouter = router({
  list: procedure
    .meta({
      access: ['admin'],
      keys: 'refused',
      audited: true,
      summary: 'List the API keys of an account',
      description: 'Latest first, with those that have expired.',
      tags,
      errors: ['not-found', 'invalid-cursor'],
      examples: [
        {
          summary: 'Of the sample reader',
          input: { id: exampleUser.id },
          output: { items: [exampleOtherKey], nextCursor: null },
        },
      ],
      rest: { method: 'GET', path: '/api/users/{id}/keys', list: {} },
    })
    .input(UserKeyListInput)
    .output(returns(KeyPage))
    .query(({ ctx, input }) => ctx.auth.listUserKeys(input)),

  revoke: procedure
    .meta({
      access: ['admin'],
      keys: 'refused',
      audited: true,
      summary: 'Revoke an API key of an account',
      description: 'It is refused from then on, in every process.',
      tags,
      errors: ['not-found'],
      examples: [
        {
          summary: 'By its id',
          input: { id: exampleUser.id, keyId: exampleOtherKey.id },
          output: null,
        },
      ],
      rest: { method: 'DELETE', path: '/api/users/{id}/keys/{keyId}' },
    })
    .input(UserKeyIdInput)
    .output(returns(Nothing))
    .mutation(({ ctx, input }) => ctx.auth.revokeUserKey(input)),
})
