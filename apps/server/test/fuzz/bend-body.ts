import type { Dice } from './dice.ts'
import { oddKeys, oddValues } from './tokens.ts'

type BendBody = (body: Buffer, dice: Dice) => Buffer

const text = (body: Buffer) => body.toString('utf8')
const insert = (body: Buffer, at: number, bytes: readonly number[]) =>
  Buffer.concat([body.subarray(0, at), Buffer.from(bytes), body.subarray(at)])

/** Bytes that are no UTF-8: cut off, overlong, surrogates, beyond Unicode. */
const noUtf8 = [
  [0xff],
  [0xc3, 0x28],
  [0xed, 0xa0, 0x80],
  [0xf8, 0x88, 0x80, 0x80, 0x80],
  [0xc0, 0x80],
  [0xe2, 0x82],
] as [number[], ...number[][]]

const junk = [',', '}', ']', 'x', '\0', '//', '/* */', "'", '{"a":1}', '\u00a0', '\ufeff', 'NaN', '\\']
const whole = [
  '',
  ' ',
  '{}',
  '[]',
  'null',
  '1',
  '"x"',
  'true',
  'NaN',
  '{',
  '{"a"',
  '\ufeff{}',
  '[{}]',
  '{"":""}',
] as [string, ...string[]]

/** A value in place of one that was there, or of a field that was not. */
const replaceField: BendBody = (body, dice) => {
  const fields = fieldsOf(body)
  const names = fields.map(([name]) => name)
  const name = names.length === 0 || dice.isLucky(0.3) ? dice.pick(oddKeys) : names[dice.below(names.length)]
  return objectOf([...fields.filter(([one]) => one !== name), [name ?? '', dice.pick(oddValues)]])
}

const repeatField: BendBody = (body, dice) => {
  const fields = fieldsOf(body)
  const one = fields[dice.below(fields.length)]
  return one === undefined ? body : objectOf([[one[0], dice.pick(oddValues)], ...fields])
}

const omitField: BendBody = (body, dice) => {
  const fields = fieldsOf(body)
  return objectOf(fields.toSpliced(dice.below(fields.length), 1))
}

const nestField: BendBody = (body, dice) => {
  const fields = fieldsOf(body)
  const depth = dice.pick([16, 30, 31, 32, 33, 64, 1000, 50_000])
  const [open, close] = dice.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['[{"__proto__":', '}]'],
  ] as [string[], ...string[][]])
  const name = fields[dice.below(fields.length)]?.[0] ?? 'title'
  const nested = `${open?.repeat(depth)}1${close?.repeat(depth)}`
  return objectOf([...fields.filter(([one]) => one !== name), [name, nested]])
}

const bends = [
  replaceField,
  replaceField,
  replaceField,
  repeatField,
  omitField,
  nestField,
  (body, dice) => body.subarray(0, dice.below(body.length + 1)),
  (body, dice) => insert(body, dice.below(body.length + 1), dice.pick(noUtf8)),
  (body, dice) => insert(body, dice.below(body.length + 1), [dice.below(256)]),
  (body, dice) => flipBit(body, dice),
  (body, dice) => Buffer.concat([body, Buffer.from(junk[dice.below(junk.length)] ?? '')]),
  (body) => Buffer.from(`\ufeff${text(body)}`, 'utf8'),
  (body) => Buffer.from(text(body), 'utf16le'),
  (body) => Buffer.from(text(body), 'latin1'),
  (body) => Buffer.concat([body, body]),
  (_body, dice) => Buffer.from(dice.pick(whole)),
  (body, dice) => (dice.isLucky(0.03) ? objectOf([['title', `"${'x'.repeat(1_100_000)}"`]]) : body),
] as [BendBody, ...BendBody[]]

/** Bends a body so that it may be no JSON, no UTF-8, or nothing that an input is. */
export function bendBody(body: Buffer, dice: Dice): Buffer {
  return dice.pick(bends)(body, dice)
}

export function flipBit(bytes: Buffer, dice: Dice): Buffer {
  if (bytes.length === 0) return bytes
  const flipped = Buffer.from(bytes)
  const at = dice.below(bytes.length)
  flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << dice.below(8)), at)
  return flipped
}

/** Fields with their values as JSON text; none for what is no object. */
function fieldsOf(body: Buffer): (readonly [string, string])[] {
  try {
    const value: unknown = JSON.parse(text(body))
    if (typeof value !== 'object' || value === null) return []
    return Object.entries(value).map(([name, one]) => [name, JSON.stringify(one)])
  } catch {
    return []
  }
}

function objectOf(fields: readonly (readonly [string, string])[]): Buffer {
  return Buffer.from(`{${fields.map(([name, value]) => `"${name}":${value}`).join(',')}}`)
}
