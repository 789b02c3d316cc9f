import { idPrefixes, newId, type IdKind } from '@casebook/api'
import fc, { type Arbitrary } from 'fast-check'
import type { z } from 'zod'
import type { Callable, JsonSchema } from './procedures.ts'

type Fields = Record<string, unknown>

/** Texts that mean something to some field, and texts that break careless code. */
const texts: readonly string[] = [
  Object.keys(idPrefixes).map((kind) => newId(kind as IdKind)),
  ['978-0-306-40615-7', '0306406152', '9780306406158', 'en', 'pt-BR', 'EN-us', 'x', '0000-0002-1825-0097'],
  [
    '2024-02-29',
    '2023-02-29',
    '2024-02-29T12:00:00.000Z',
    '2024-02-29T12:00:00Z',
    'ada@example.org',
    'Zoë.Ång',
  ],
  ['', ' ', ' padded ', 'a"b\\c', "O'Neill; --", '\u2028', '😀', '%2F', 'a/b', 'a+b&c=d', '=1+1', '😀😀😀😀'],
  ['true', 'null', '5', '1e3', '-1', 'undefined', '..', '__proto__', 'a\nb', 'tab\there', 'x'.repeat(300)],
  ['long enough a password', '12345678', '\uD800', 'a\0b', 'Ⅷ', 'é', 'é', '[object Object]'],
].flat()
const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...texts) },
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 10 }),
)

/** Values that do not belong, of every type that JSON has. */
const odd: Arbitrary<unknown> = fc.oneof(
  text,
  fc.constantFrom(null, true, false, 0, -1, 1, 1.5, 13, 1001, 1e15, 2 ** 53, 1e21, -0.25),
  fc.constantFrom([], {}, [[]], ['a'], ['a', 'b'], { a: 1 }, [null], 'x'.repeat(3000)),
  fc.jsonValue({ maxDepth: 2 }),
)

/** Makes inputs of a procedure: some that its schema takes, and some that were bent out of it. */
export function inputsOf(procedure: Callable): Arbitrary<unknown> {
  const examples = (procedure.meta.examples ?? []).map(({ input }) => input)
  const base = fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...examples) },
    { weight: 3, arbitrary: valuesOf(procedure.input) },
  )
  const valid = base.filter((value) => procedure.inputSchema.safeParse(value).success)
  const bent = fc.tuple(base, fc.array(bend(procedure), { minLength: 1, maxLength: 3 })).map(apply)
  return fc.oneof(
    { weight: 5, arbitrary: valid },
    { weight: 4, arbitrary: bent },
    { weight: 1, arbitrary: base },
  )
}

/** Makes values that a schema of an output takes. */
export function outputsOf(schema: z.ZodType, shape: JsonSchema): Arbitrary<unknown> {
  return valuesOf(shape).filter((value) => schema.safeParse(value).success)
}

type Bend = (value: unknown) => unknown

function bend({ input }: Callable): Arbitrary<Bend> {
  const names = Object.keys(objectOf(input).properties ?? {})
  const name = fc.constantFrom(...names, 'surprise', 'constructor', 'Id')
  return fc.oneof(
    fc.tuple(name, odd).map(([field, value]): Bend => (whole) => ({ ...asFields(whole), [field]: value })),
    name.map(
      (field): Bend =>
        (whole) =>
          omit(asFields(whole), field),
    ),
    {
      weight: 1,
      arbitrary: odd.map(
        (value): Bend =>
          () =>
            value,
      ),
    },
  )
}

function apply([value, bends]: [unknown, Bend[]]): unknown {
  return bends.reduce((bent, change) => change(bent), value)
}

function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}

function omit(fields: Fields, name: string): Fields {
  const { [name]: _, ...rest } = fields
  return rest
}

function objectOf(schema: JsonSchema): JsonSchema {
  return schema.properties === undefined
    ? (schema.anyOf?.find((option) => option.properties !== undefined) ?? schema)
    : schema
}

function valuesOf(schema: JsonSchema, defs = schema.$defs ?? {}): Arbitrary<unknown> {
  if (schema.$ref !== undefined) return valuesOf(defs[schema.$ref.replace('#/$defs/', '')] ?? {}, defs)
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((option) => valuesOf(option, defs)))
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  switch (schema.type) {
    case 'string':
      return textOf(schema)
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -1000, max: Math.min(schema.maximum ?? 1000, 2 ** 31 - 1) })
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}, defs), { maxLength: Math.min(schema.maxItems ?? 4, 4) })
    case 'object': {
      const fields = Object.entries(schema.properties ?? {}).map(([name, inner]) => [
        name,
        valuesOf(inner, defs),
      ])
      return fc.record(Object.fromEntries(fields) as Record<string, Arbitrary<unknown>>, {
        requiredKeys: [...(schema.required ?? [])],
      })
    }
    default:
      return odd
  }
}

function textOf({ format, pattern, minLength = 0, maxLength = 5000 }: JsonSchema): Arbitrary<string> {
  const kind = Object.entries(idPrefixes).find(([, prefix]) => pattern?.startsWith(`^${prefix}_`))?.[0]
  if (kind !== undefined) return fc.constantFrom(1, 2, 3).map(() => newId(kind as IdKind))
  if (format === 'date') return fc.constantFrom('2024-02-29', '1859-01-01', '0001-01-01', '9999-12-31')
  if (format === 'date-time') return fc.constantFrom('2024-02-29T12:00:00.000Z', '1999-12-31T23:59:59.999Z')
  if (format === 'email') return fc.constantFrom('ada@example.org', 'a.b+c@sub.example.co', 'x@y.zz')
  const expression = pattern === undefined ? /^/ : new RegExp(pattern, 'u')
  const fits = (value: string) =>
    value.length >= minLength && value.length <= maxLength && expression.test(value)
  const fitting = texts.filter(fits)
  // Where none of our texts fits, hardly any random one does: it is made by the pattern then.
  if (fitting.length === 0) return (pattern === undefined ? text : fc.stringMatching(expression)).filter(fits)
  return fc.oneof(fc.constantFrom(...fitting), text.filter(fits))
}
