import { v7 } from 'uuid'
import { z } from 'zod'
import { suffixOf, uuidOfSuffix } from './typeid.ts'

/** Prefix of each kind of id (TypeID spec 0.3: `prefix_` and a UUIDv7 in 26 letters of base32). */
export const idPrefixes = {
  user: 'user',
  session: 'session',
  key: 'key',
  invitation: 'invitation',
  author: 'author',
  book: 'book',
  file: 'file',
  patient: 'pat',
  record: 'rec',
  audit: 'audit',
} as const

/** What an id of each kind is of, in words. */
const kindNames: Readonly<Record<keyof typeof idPrefixes, string>> = {
  user: 'account',
  session: 'session',
  key: 'API key',
  invitation: 'invitation',
  author: 'author',
  book: 'book',
  file: 'file',
  patient: 'patient',
  record: 'record',
  audit: 'entry of the audit trail',
}

export type IdKind = keyof typeof idPrefixes
export type Id<K extends IdKind> = string & z.core.$brand<K>
/** An id of any kind. */
export type AnyId = { [K in IdKind]: Id<K> }[IdKind]
export type UserId = Id<'user'>
export type SessionId = Id<'session'>
export type KeyId = Id<'key'>
export type InvitationId = Id<'invitation'>
export type AuthorId = Id<'author'>
export type BookId = Id<'book'>
export type PatientId = Id<'patient'>
export type RecordId = Id<'record'>
export type AuditId = Id<'audit'>

const suffix = '[0-7][0-9a-hjkmnp-tv-z]{25}'
const suffixLength = 26
const nilSuffix = '0'.repeat(suffixLength)

/** Regular expression source of a kind of id, as the REST adapter needs it to tell paths apart. */
export function idPattern(kind: IdKind): string {
  return `^${idPrefixes[kind]}_${suffix}$`
}

const patterns = Object.fromEntries(
  Object.keys(idPrefixes).map((kind) => [kind, new RegExp(idPattern(kind as IdKind))]),
) as Record<IdKind, RegExp>

/** Tells whether a text is a well-formed id of this kind. */
export function isId<K extends IdKind>(kind: K, text: string): text is Id<K> {
  return patterns[kind].test(text)
}

/** Makes a new UUIDv7 (RFC 9562): later ones sort after earlier ones. */
export function newUuid(): string {
  return v7()
}

/** Makes a new id; later ones sort after earlier ones. */
export function newId<K extends IdKind>(kind: K): Id<K> {
  return idOf(kind, newUuid())
}

/**
 * Gives the UUID under which a well-formed id is stored. Any 128 bits will do, as they do for PostgreSQL: an id that
 * was mistyped is well-formed, and often no UUID of any version.
 */
export function uuidOf(id: AnyId): string {
  return uuidOfSuffix(id.slice(-suffixLength))
}

/** Gives the id of what is stored under a UUID, as PostgreSQL writes it. */
export function idOf<K extends IdKind>(kind: K, uuid: string): Id<K> {
  const text: string = `${idPrefixes[kind]}_${suffixOf(uuid)}`
  return text as Id<K>
}

/** Schema of an id that refers to something from within an input or output: malformed ones are invalid. */
export function idSchema<K extends IdKind>(kind: K) {
  return z.string().regex(patterns[kind], `must be an id that begins with ${idPrefixes[kind]}_`).brand<K>()
}

/**
 * Schema of an id that addresses an object. Any other text in its place names nothing, and becomes the nil id,
 * so that the answer is «not found» on every transport.
 */
export function addressSchema<K extends IdKind>(kind: K) {
  const nil = `${idPrefixes[kind]}_${nilSuffix}` as Id<K>
  return z
    .string()
    .max(4096)
    .transform((text): Id<K> => (isId(kind, text) ? text : nil))
    .describe(`Id of the ${kindNames[kind]}`)
}
