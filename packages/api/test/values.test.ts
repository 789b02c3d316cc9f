import fc from 'fast-check'
import { fromString, fromUUIDBytes, toUUID } from 'typeid-js'
import { expect, test } from 'vitest'
import { parseIsbn } from '../src/books/index.ts'
import { Day, LanguageTag, lineSchema } from '../src/fields.ts'
import { addressSchema, idOf, isId, newId, uuidOf } from '../src/ids.ts'

test('one digit that is wrong makes it no ISBN', () => {
  const isbn = '9780306406157'
  for (const place of isbn.split('').keys()) {
    const wrong = isbn.slice(0, place) + String((Number(isbn[place]) + 1) % 10) + isbn.slice(place + 1)
    expect(parseIsbn(wrong), wrong).toBeNull()
  }
})

test.each([
  ['0-306-40615-2', '9780306406157'],
  ['080442957x', '9780804429573'],
  [' 978 0 306 40615 7 ', '9780306406157'],
  ['979-10-90636-07-1', '9791090636071'],
  ['9790060115615', null],
  ['X000000000', null],
  ['', null],
  ['٩٧٨٠٣٠٦٤٠٦١٥٧', null],
])('%j is read as %j', (text, isbn13) => {
  expect(parseIsbn(text)).toBe(isbn13)
})

test('an id and its UUID are the same thing; other texts address nothing', () => {
  const id = newId('book')
  expect(idOf('book', uuidOf(id))).toBe(id)
  expect(uuidOf(id)).toMatch(/^[\da-f]{8}-[\da-f]{4}-7/)
  const nil = `book_${'0'.repeat(26)}`
  const address = addressSchema('book')
  for (const text of ['', '42', newId('author'), id.toUpperCase(), `${id}0`, "' or 1=1", '8'.repeat(4000)])
    expect(address.parse(text), text).toBe(nil)
  expect(isId('book', `book_8${'0'.repeat(25)}`)).toBe(false)
})

test.each([
  '01jd3xq5e0f2q0n4v6z8a1b3d2',
  '00000000000000000000000001',
  '7zzzzzzzzzzzzzzzzzzzzzzzzz',
  '0'.repeat(26),
])('an id with the suffix %s, which is no UUID of version 7, is one to look for all the same', (suffix) => {
  const id = addressSchema('book').parse(`book_${suffix}`)
  expect(idOf('book', uuidOf(id))).toBe(`book_${suffix}`)
})

test('ids are written as the library of the TypeID specification writes them', () => {
  const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 })
  fc.assert(
    fc.property(bytes, (sixteen) => {
      const uuid = toHex(sixteen)
      const id = idOf('record', uuid)
      expect(id).toBe(fromUUIDBytes('rec', sixteen))
      expect(uuidOf(id)).toBe(uuid)
    }),
    { numRuns: 2000 },
  )
  const made = newId('book')
  expect(uuidOf(made)).toBe(toUUID(fromString(made, 'book')))
})

test('ids made one after another sort in that order', async () => {
  const ids = []
  for (let index = 0; index < 20; index += 1) {
    ids.push(newId('record'))
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  expect(ids.toSorted()).toEqual(ids)
})

test('days, lines and languages take what is one, and nothing else', () => {
  expect(['2024-02-29', '0001-01-01', '9999-12-31'].every((day) => Day.safeParse(day).success)).toBe(true)
  expect(
    ['2023-02-29', '0000-01-01', '2024-1-1', '24-01-01', '2024-01-01T00:00:00Z'].some(
      (day) => Day.safeParse(day).success,
    ),
  ).toBe(false)
  expect(lineSchema(6).parse('  abc ')).toBe('abc')
  for (const text of ['', '   ', 'a\nb', 'a\u0000b', '\uD800', 'abcdef'])
    expect(lineSchema(5).safeParse(text).success, JSON.stringify(text)).toBe(false)
  expect(LanguageTag.parse('EN-us')).toBe('en-US')
  expect(LanguageTag.safeParse('not a tag').success).toBe(false)
})

function toHex(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
