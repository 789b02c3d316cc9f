import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { inlineRefs, jsonSchemaOf } from '../src/json-schema.ts'
import { compileSerialiser } from '../src/serialise.ts'

const Thing = z.object({
  id: z.uuid(),
  email: z.email(),
  at: z.iso.datetime(),
  name: z.string(),
  count: z.int().nullable(),
  size: z.number().optional(),
  isOld: z.boolean(),
  kind: z.enum(['a', 'b']),
  tags: z.array(z.string()),
  owner: z.object({ id: z.string(), name: z.string() }).nullable(),
  parts: z.array(z.object({ role: z.string(), link: z.url().optional() })),
})

const text = fc.string({ unit: 'grapheme' })
const things = fc.record(
  {
    id: text,
    email: text,
    at: text,
    name: text,
    count: fc.option(fc.integer()),
    size: fc.double({ noNaN: true, noDefaultInfinity: true }),
    isOld: fc.boolean(),
    kind: fc.constantFrom('a', 'b'),
    tags: fc.array(text),
    owner: fc.option(fc.record({ id: text, name: text })),
    parts: fc.array(fc.record({ role: text, link: text }, { requiredKeys: ['role'] })),
  },
  {
    requiredKeys: ['id', 'email', 'at', 'name', 'count', 'isOld', 'kind', 'tags', 'owner', 'parts'],
  },
)

test('what is serialised reads as JSON.stringify’s, with any text in any field', () => {
  const serialise = compileSerialiser(inlineRefs(jsonSchemaOf(Thing, 'output')))
  fc.assert(
    fc.property(things, (thing) => {
      expect(JSON.parse(serialise(thing))).toEqual(JSON.parse(JSON.stringify(thing)))
    }),
    { numRuns: 300 },
  )
})

test('a field that the schema lacks stays inside', () => {
  const serialise = compileSerialiser(inlineRefs(jsonSchemaOf(z.object({ id: z.string() }), 'output')))
  expect(serialise({ id: '1', passwordHash: 'x' })).toBe('{"id":"1"}')
})
