/** The 32 letters of the TypeID specification (0.3): Crockford's base32, small. */
const letters = '0123456789abcdefghjkmnpqrstvwxyz'
const digits = '0123456789abcdef'
const valueOfLetter = valuesOf(letters)
const valueOfDigit = valuesOf(digits)
const dash = 45

/** Writes a UUID, in small letters, as the 26 letters of a TypeID: two zero bits go before its 128. */
export function suffixOf(uuid: string): string {
  let suffix = ''
  let bits = 0
  let width = 2
  for (let at = 0; at < uuid.length; at += 1) {
    const code = uuid.charCodeAt(at)
    if (code === dash) continue
    bits = (bits << 4) | (valueOfDigit[code] ?? 0)
    width += 4
    if (width < 5) continue
    width -= 5
    suffix += letters[(bits >> width) & 31]
  }
  return suffix
}

/** Writes the 26 letters of a TypeID as a UUID. */
export function uuidOfSuffix(suffix: string): string {
  let uuid = ''
  let bits = 0
  let width = -2
  for (let at = 0; at < suffix.length; at += 1) {
    bits = (bits << 5) | (valueOfLetter[suffix.charCodeAt(at)] ?? 0)
    for (width += 5; width >= 4; width -= 4) uuid += digits[(bits >> (width - 4)) & 15]
  }
  return `${uuid.slice(0, 8)}-${uuid.slice(8, 12)}-${uuid.slice(12, 16)}-${uuid.slice(16, 20)}-${uuid.slice(20)}`
}

/** A table of what a character stands for, by its code. */
function valuesOf(characters: string): Uint8Array {
  const values = new Uint8Array(128)
  for (let value = 0; value < characters.length; value += 1) values[characters.charCodeAt(value)] = value
  return values
}
