import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** What every API key begins with: scanners for leaked secrets find it by it. */
const prefix = 'casebook_'
const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const secretBytes = 32
/** 32 bytes are at most 43 letters of base62, and 4 at most 6. */
const secretLetters = 43
const sumLetters = 6
/** Letters of the secret that are shown to recognise a key by. */
const shownLetters = 4

/** Makes the text of a new key: the prefix, 32 random bytes in base62, and their checksum as GitHub's tokens have it. */
export function newKeyText(): string {
  return keyTextOf(randomBytes(secretBytes))
}

/** Writes 32 bytes as the text of a key. */
export function keyTextOf(secret: Buffer): string {
  const body = base62(BigInt(`0x${secret.toString('hex')}`), secretLetters)
  return prefix + body + checksum(body)
}

/** Tells whether a bearer token means to be an API key. A token of a session begins so by a chance of 62⁻⁹. */
export function isKeyText(token: string): boolean {
  return token.startsWith(prefix)
}

/** Tells whether a key was typed or copied whole; what is not was never given out, and needs no look at the database. */
export function isWholeKey(text: string): boolean {
  const body = text.slice(prefix.length, -sumLetters)
  return isKeyText(text) && body.length === secretLetters && text.endsWith(checksum(body))
}

/** The first characters of a key, for its owner to know it by. */
export function startOf(text: string): string {
  return text.slice(0, prefix.length + shownLetters)
}

/** CRC-32 of a text, in base62. */
function checksum(body: string): string {
  return base62(BigInt(crc32(body)), sumLetters)
}

function base62(value: bigint, length: number): string {
  const base = BigInt(letters.length)
  let text = ''
  for (let rest = value; text.length < length; rest /= base) text = letters.charAt(Number(rest % base)) + text
  return text
}
