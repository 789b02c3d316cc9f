import { randomFillSync } from 'node:crypto'

const letters = '0123456789abcdefghjkmnpqrstvwxyz'
const values = new Map(letters.split('').map((letter, value) => [letter, BigInt(value)]))

/** Writes a UUID as a TypeID (TypeID spec 0.3), by shifts over its two halves: somebody who cares measures this once. */
export function typeIdOf(prefix: string, uuid: string): string {
  const a = Number.parseInt(uuid.slice(0, 8), 16)
  const b = Number.parseInt(uuid.slice(9, 13) + uuid.slice(14, 18), 16)
  const c = Number.parseInt(uuid.slice(19, 23) + uuid.slice(24, 28), 16)
  const d = Number.parseInt(uuid.slice(28), 16)
  // 130 bits with two zeros in front: a letter is five of them, some across two words of 32.
  return `${prefix}_${
    five(a >>> 29) +
    five(a >>> 24) +
    five(a >>> 19) +
    five(a >>> 14) +
    five(a >>> 9) +
    five(a >>> 4) +
    five((a << 1) | (b >>> 31)) +
    five(b >>> 26) +
    five(b >>> 21) +
    five(b >>> 16) +
    five(b >>> 11) +
    five(b >>> 6) +
    five(b >>> 1) +
    five((b << 4) | (c >>> 28)) +
    five(c >>> 23) +
    five(c >>> 18) +
    five(c >>> 13) +
    five(c >>> 8) +
    five(c >>> 3) +
    five((c << 2) | (d >>> 30)) +
    five(d >>> 25) +
    five(d >>> 20) +
    five(d >>> 15) +
    five(d >>> 10) +
    five(d >>> 5) +
    five(d)
  }`
}

/** Gives the UUID of a well-formed TypeID. */
export function uuidOfTypeId(id: string): string {
  let number = 0n
  for (const letter of id.slice(-26)) number = (number << 5n) | (values.get(letter) ?? 0n)
  return hyphenate(number.toString(16).padStart(32, '0'))
}

/** Makes a UUIDv7 (RFC 9562, 5.7). */
export function newUuid(): string {
  const bytes = randomFillSync(Buffer.alloc(16))
  bytes.writeUIntBE(Date.now(), 0, 6)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return hyphenate(bytes.toString('hex'))
}

function five(bits: number): string {
  return letters[bits & 31] ?? ''
}

function hyphenate(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
