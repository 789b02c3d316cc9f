import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { appRouter, errorCatalogue, type Meta } from '../src/index.ts'

type Definition = {
  readonly type: string
  readonly meta: Meta
  readonly inputs: readonly z.ZodType[]
  readonly output?: { readonly schema?: z.ZodType; readonly itemSchema?: z.ZodType }
}
const procedures = Object.entries(
  appRouter._def.procedures as unknown as Record<string, { readonly _def: Definition }>,
).map(([name, { _def }]) => ({ name, ..._def }))

/** What callers rely on by name; more may be added, none may go. */
const promised = {
  auth: 'register login loginSession logout me requestPasswordReset resetPassword changePassword sessions.list sessions.revoke sessions.revokeAll users.list users.update users.invite',
  books:
    'list stream get create update delete publish withdraw authors.list authors.get authors.create authors.update authors.delete',
  records:
    'list stream get byPatient create amend history patients.list patients.get patients.create patients.update patients.linkAccount patients.unlinkAccount',
  audit: 'list verify',
}

test('every procedure that was promised is there', () => {
  const names = Object.entries(promised).flatMap(([router, all]) =>
    all.split(' ').map((name) => `${router}.${name}`),
  )
  const missing = names.filter((name) => !procedures.some((procedure) => procedure.name === name))
  expect(missing).toEqual([])
})

/** One that may be null is described beside that. */
function isDescribed(schema: z.core.JSONSchema._JSONSchema): boolean {
  if (typeof schema === 'boolean') return false
  return schema.description !== undefined || schema.anyOf?.some(isDescribed) === true
}

describe.each(procedures)('$name', ({ type, meta, inputs, output }) => {
  test('says who may call it, what it is for, and shows it', () => {
    expect(meta.access).not.toEqual([])
    expect(meta.summary).not.toBe('')
    expect(meta.examples?.length).toBeGreaterThan(0)
  })

  test('describes every field that it takes', () => {
    const undescribed = inputs.flatMap((input) => {
      const { properties = {} } = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' })
      return Object.entries(properties).flatMap(([field, schema]) => (isDescribed(schema) ? [] : [field]))
    })
    expect(undescribed).toEqual([])
  })

  test('has examples that its schemas take', () => {
    const [input] = inputs
    for (const example of meta.examples ?? []) {
      if (input !== undefined) input.parse(example.input)
      if (example.output !== undefined) output?.schema?.parse(example.output)
    }
  })

  test('declares what it answers, and refuses fields that it does not know', () => {
    expect(output?.schema ?? output?.itemSchema).toBeInstanceOf(z.ZodType)
    const [input] = inputs
    if (input !== undefined) expect(input.safeParse({ surprise: 1 }).success).toBe(false)
  })

  test('reads by GET, and changes by another method', () => {
    if (meta.rest !== undefined) expect(meta.rest.method === 'GET').toBe(type === 'query')
  })

  test('declares failures of the catalogue', () => {
    for (const reason of meta.errors ?? []) expect(errorCatalogue).toHaveProperty(reason)
  })
})
