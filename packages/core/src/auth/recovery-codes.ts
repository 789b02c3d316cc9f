import { randomBytes } from 'node:crypto'
import { hashToken } from './sessions.ts'

// Crockford's base32: without letters that look like digits, or like each other.
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const howMany = 10
/** 80 bits a code: more than can be guessed, so a plain hash keeps it. */
const length = 16

/** Makes recovery codes in groups of four. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: howMany }, () => {
    const letters = Array.from(randomBytes(length), (byte) => alphabet.charAt(byte % alphabet.length))
    return letters.join('').replaceAll(/(.{4})(?=.)/g, '$1-')
  })
}

/** Gives the hash under which a code is kept, however it is typed. */
export function hashRecoveryCode(typed: string): string {
  const letters = typed.toLowerCase().replaceAll(/[\s-]/g, '').replaceAll('o', '0').replaceAll(/[il]/g, '1')
  return hashToken(letters)
}
