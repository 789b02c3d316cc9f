const scratch = Buffer.alloc(1024 * 1024)

/**
 * Writes texts one after the other as UTF-8. Joined first, they would be copied into one text of two bytes a
 * character as soon as one of them has a letter beyond Latin-1, and then again.
 */
export function bytesOf(texts: readonly string[]): Uint8Array {
  let length = 0
  for (const text of texts) {
    // No UTF-16 unit takes more than three bytes.
    if (length + text.length * 3 > scratch.length) return Buffer.from(texts.join(''))
    length += scratch.write(text, length)
  }
  return Buffer.from(scratch.subarray(0, length))
}
