import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
import { DomainError } from '@casebook/api'

/** What a cursor is bound to: the list's name and the filters and order that it was made under. */
export type ListKey = { readonly list: string; readonly filters: Readonly<Record<string, unknown>> }

/** Values of the sort key of a page's last row. */
export type Keyset = readonly (string | number | null)[]

export type CursorCodec = {
  encode(key: ListKey, keyset: Keyset): string
  /** Gives the keyset after which the page begins; throws `invalid-cursor` for one that was changed. */
  decode(key: ListKey, cursor: string | undefined): Keyset | undefined
}

const macBytes = 16

/** Makes opaque, tamper-evident cursors: the keyset as JSON, and an HMAC-SHA256 over it and its list. */
export function createCursorCodec(secret: Uint8Array): CursorCodec {
  // From bytes, each HMAC would make a key of its own first, which takes longer than the rest of it.
  const secretKey = createSecretKey(secret)
  const mac = (key: ListKey, body: string) =>
    createHmac('sha256', secretKey)
      .update(JSON.stringify([key.list, sortedEntries(key.filters), body]))
      .digest()
      .subarray(0, macBytes)

  return {
    encode(key, keyset) {
      const body = Buffer.from(JSON.stringify(keyset)).toString('base64url')
      return `${body}.${mac(key, body).toString('base64url')}`
    },
    decode(key, cursor) {
      if (cursor === undefined) return undefined
      const [body, tag, ...rest] = cursor.split('.')
      if (body === undefined || tag === undefined || rest.length > 0) throw new DomainError('invalid-cursor')
      const given = Buffer.from(tag, 'base64url')
      const expected = mac(key, body)
      // The text must match too: base64url ignores the spare bits of its last letter.
      const isOurs =
        given.length === macBytes &&
        timingSafeEqual(given, expected) &&
        expected.toString('base64url') === tag
      if (!isOurs) throw new DomainError('invalid-cursor')
      return JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Keyset
    },
  }
}

function sortedEntries(filters: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(filters)
    .filter(([, value]) => value !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
}
