import { z } from 'zod'

/** As much of JSON Schema (2020-12) as zod writes and we read. */
export type JsonSchema = {
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, JsonSchema>>
  readonly id?: string
  readonly type?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly description?: string
  readonly [keyword: string]: unknown
}

/** Gives the JSON Schema of what a zod schema takes (`input`) or gives (`output`). */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    unrepresentable: 'any',
  })
  return rest as JsonSchema
}

/** Puts every definition in the place of its reference; schemas that refer to themselves are refused. */
export function inlineRefs(
  schema: JsonSchema,
  defs = schema.$defs ?? {},
  seen: readonly string[] = [],
): JsonSchema {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace('#/$defs/', '')
    const target = defs[name]
    if (target === undefined || seen.includes(name))
      throw new Error(`the schema ${schema.$ref} cannot be put in place`)
    return inlineRefs(target, defs, [...seen, name])
  }
  const deeper = (inner: JsonSchema) => inlineRefs(inner, defs, seen)
  const { $defs: _, ...rest } = schema
  return {
    ...rest,
    ...(schema.properties === undefined ? {} : { properties: mapValues(schema.properties, deeper) }),
    ...(schema.items === undefined ? {} : { items: deeper(schema.items) }),
    ...(schema.anyOf === undefined ? {} : { anyOf: schema.anyOf.map(deeper) }),
  }
}

export function mapValues<T, U>(
  record: Readonly<Record<string, T>>,
  change: (value: T) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}
