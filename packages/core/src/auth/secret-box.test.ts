import { expect, test } from 'vitest'
import { createSecretBox } from './secret-box.ts'

const box = createSecretBox(new Uint8Array(32))

test('gives back what it sealed, and never seals alike', () => {
  const one = box.seal('Grüße', 'a')
  const other = box.seal('Grüße', 'a')
  expect(one).not.toBe(other)
  expect(one.startsWith(`${box.keyName}.`)).toBe(true)
  expect([box.open(one, 'a'), box.open(other, 'a')]).toEqual(['Grüße', 'Grüße'])
})

test('opens nothing that was sealed for another purpose or by another key', () => {
  const sealed = box.seal('text', 'of one')
  expect(() => box.open(sealed, 'of another')).toThrow()
  expect(() => createSecretBox(new Uint8Array(32).fill(1)).open(sealed, 'of one')).toThrow(
    /another SECRET_KEY/,
  )
})

test('opens nothing that was changed or cut', () => {
  const sealed = box.seal('text', 'a')
  const [name = '', text = ''] = sealed.split('.')
  const bytes = Buffer.from(text, 'base64url')
  for (let place = 0; place < bytes.length; place += 1) {
    const changed = Buffer.from(bytes)
    changed[place] = (changed[place] ?? 0) ^ 1
    expect(() => box.open(`${name}.${changed.toString('base64url')}`, 'a'), `byte ${place}`).toThrow()
  }
  for (const length of [0, 12, 20, 28, bytes.length - 1])
    expect(() => box.open(`${name}.${bytes.subarray(0, length).toString('base64url')}`, 'a')).toThrow()
})
