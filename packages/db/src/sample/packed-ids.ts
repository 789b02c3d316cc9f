const bytes = 16

/** UUIDs of millions of rows, at 16 bytes each. */
export type PackedIds = {
  readonly length: number
  add(uuid: string): void
  at(index: number): string
}

/** Makes room for so many UUIDs. */
export function createPackedIds(capacity: number): PackedIds {
  const packed = Buffer.alloc(capacity * bytes)
  let length = 0
  return {
    get length() {
      return length
    },
    add(uuid) {
      if (length === capacity) throw new RangeError(`there is room for ${capacity} ids only`)
      packed.write(uuid.replaceAll('-', ''), length * bytes, bytes, 'hex')
      length += 1
    },
    at(index) {
      if (index < 0 || index >= length) throw new RangeError(`there is no id ${index} of ${length}`)
      const hex = packed.toString('hex', index * bytes, (index + 1) * bytes)
      return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
        '-',
      )
    },
  }
}
