import { z } from 'zod'
import { Instant, lineSchema } from '../fields.ts'
import { addressSchema, idSchema } from '../ids.ts'
import { pageFields, pageOf } from '../paging.ts'

export const keyDomains = ['auth', 'books', 'records', 'audit'] as const

/** A part of the contract that a key may be bounded to: the first word of a procedure's name. */
export const KeyDomain = z.enum(keyDomains)
export type KeyDomain = z.output<typeof KeyDomain>

/** What a key may do of what its owner may: read only, or change as well. */
export const KeyAccess = z.enum(['read', 'full'])
export type KeyAccess = z.output<typeof KeyAccess>

const KeyDomains = z.array(KeyDomain).min(1).max(keyDomains.length)

export const ApiKey = z
  .strictObject({
    id: idSchema('key'),
    name: z.string().max(100),
    /** The first characters, by which to recognise it. */
    start: z.string().max(20),
    access: KeyAccess,
    /** Null: everything that the owner may use. */
    domains: KeyDomains.nullable(),
    createdAt: Instant,
    expiresAt: Instant,
    /** To the minute; null when it was never used. */
    lastUsedAt: Instant.nullable(),
  })
  .meta({ id: 'ApiKey' })
export type ApiKey = z.output<typeof ApiKey>

/** A key with what is to be sent, which no other answer holds. */
export const NewApiKey = ApiKey.extend({ key: z.string().max(128) }).meta({ id: 'NewApiKey' })
export type NewApiKey = z.output<typeof NewApiKey>

export const CreateKeyInput = z.strictObject({
  name: lineSchema(100).describe('What it is for, such as the script that uses it'),
  access: KeyAccess.default('read').describe('`read` for queries only; `full` for changes as well'),
  domains: KeyDomains.refine((all) => new Set(all).size === all.length, 'must name each domain once')
    .nullable()
    .default(null)
    .describe('What it may be used for; null for all that you may use'),
  expiresInDays: z.int().min(1).max(365).default(90).describe('How long it lives, in days'),
})
export type CreateKeyInput = z.output<typeof CreateKeyInput>

export const KeyListInput = z.strictObject({ ...pageFields })
export type KeyListInput = z.output<typeof KeyListInput>
export const KeyPage = pageOf(ApiKey)
export const KeyIdInput = z.strictObject({ id: addressSchema('key') })

export const UserKeyListInput = z.strictObject({
  id: addressSchema('user').describe('Whose keys'),
  ...pageFields,
})
export type UserKeyListInput = z.output<typeof UserKeyListInput>
export const UserKeyIdInput = z.strictObject({ id: addressSchema('user'), keyId: addressSchema('key') })
export type UserKeyIdInput = z.output<typeof UserKeyIdInput>
