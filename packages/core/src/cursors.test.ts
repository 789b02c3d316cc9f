import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createCursorCodec, type Keyset } from './cursors.ts'

const codec = createCursorCodec(new Uint8Array(32).fill(7))
const key = { list: 'books.list', filters: { status: 'published', q: undefined } }

test('a cursor gives back its keyset', () => {
  const keysets = fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant(null)))
  fc.assert(
    fc.property(keysets, (keyset: Keyset) => {
      expect(codec.decode(key, codec.encode(key, keyset))).toEqual(keyset)
    }),
  )
})

test('refuses a cursor with any one character changed', () => {
  const cursor = codec.encode(key, ['2024-05-17', 'rec_x'])
  for (let index = 0; index < cursor.length; index += 1) {
    const other = cursor[index] === 'A' ? 'B' : 'A'
    const changed = cursor.slice(0, index) + other + cursor.slice(index + 1)
    expect(() => codec.decode(key, changed), `at ${index}`).toThrow('The cursor is invalid')
  }
})

test('refuses a cursor of another list, other filters, or another server', () => {
  const cursor = codec.encode(key, ['x'])
  expect(() => codec.decode({ ...key, list: 'records.list' }, cursor)).toThrow()
  expect(() => codec.decode({ ...key, filters: { status: 'draft' } }, cursor)).toThrow()
  expect(() => createCursorCodec(new Uint8Array(32)).decode(key, cursor)).toThrow()
})
