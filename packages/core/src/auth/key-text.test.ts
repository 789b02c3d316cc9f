import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isKeyText, isWholeKey, keyTextOf, newKeyText, startOf } from './key-text.ts'

test('a key is the prefix, 43 letters and 6 of a checksum, and no two are alike', () => {
  const all = Array.from({ length: 200 }, newKeyText)
  for (const text of all) expect(text).toMatch(/^casebook_[0-9A-Za-z]{49}$/)
  expect(new Set(all).size).toBe(200)
  expect(all.every((text) => isKeyText(text) && isWholeKey(text))).toBe(true)
  expect(startOf(all[0] ?? '')).toMatch(/^casebook_\w{4}$/)
})

test('keys of different bytes differ, also at both ends of what 32 bytes can be', () => {
  expect(keyTextOf(Buffer.alloc(32))).toBe(`casebook_${'0'.repeat(43)}2CZclj`)
  expect(keyTextOf(Buffer.alloc(32, 255))).toBe('casebook_yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp13sRzl1')
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 })
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      const isSame = Buffer.from(a).equals(Buffer.from(b))
      expect(keyTextOf(Buffer.from(a)) === keyTextOf(Buffer.from(b))).toBe(isSame)
    }),
  )
})

test('one character that is wrong, missing or too many is found without a look at the database', () => {
  const text = newKeyText()
  for (let place = 'casebook_'.length; place < text.length; place += 1) {
    const other = text[place] === 'x' ? 'y' : 'x'
    expect(isWholeKey(text.slice(0, place) + other + text.slice(place + 1)), String(place)).toBe(false)
    expect(isWholeKey(text.slice(0, place) + text.slice(place + 1)), String(place)).toBe(false)
  }
  for (const odd of ['', 'casebook_', `${text}0`, text.toUpperCase(), text.slice('casebook_'.length)])
    expect(isWholeKey(odd), odd).toBe(false)
})
