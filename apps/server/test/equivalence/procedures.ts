import { appRouter, type Meta, type RestMeta } from '@casebook/api'
import { z } from 'zod'

type Definition = {
  readonly type: 'query' | 'mutation'
  readonly meta: Meta
  readonly inputs: readonly z.ZodType[]
  readonly output: { readonly schema?: z.ZodType; readonly itemSchema?: z.ZodType }
}

/** As much of JSON Schema as values are made from. */
export type JsonSchema = {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, JsonSchema>>
  readonly format?: string
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly maxItems?: number
}

/** A procedure of the contract, with its schemas as they were before any server ran. */
export type Callable = {
  readonly name: string
  readonly type: 'query' | 'mutation'
  readonly meta: Meta
  readonly input: JsonSchema
  readonly inputSchema: z.ZodType
}

/** One that is reached over REST, too. */
export type Procedure = Callable & {
  readonly rest: RestMeta
  readonly pathFields: readonly string[]
  readonly output: JsonSchema
  readonly outputSchema: z.ZodType
}

/** The item schema of the procedure that streams a list. */
export function itemSchemaOf(name: string): z.ZodType {
  const schema = definitions()[name]?.output.itemSchema
  if (schema === undefined) throw new Error(`${name} streams nothing`)
  return schema
}

/** All there are, over tRPC. */
export const callables: readonly Callable[] = Object.entries(definitions()).flatMap(
  ([name, { type, meta, inputs }]) => {
    const [inputSchema] = inputs
    return inputSchema === undefined
      ? []
      : { name, type, meta, inputSchema, input: jsonSchemaOf(inputSchema, 'input') }
  },
)

export const procedures: readonly Procedure[] = Object.entries(definitions()).flatMap(
  ([name, definition]) => {
    const { type, meta, inputs, output } = definition
    const [inputSchema] = inputs
    const { rest } = meta
    if (rest === undefined || inputSchema === undefined || output.schema === undefined) return []
    return {
      name,
      type,
      meta,
      rest,
      pathFields: [...rest.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''),
      input: jsonSchemaOf(inputSchema, 'input'),
      inputSchema,
      output: jsonSchemaOf(output.schema, 'output'),
      outputSchema: output.schema,
    }
  },
)

function definitions(): Record<string, Definition> {
  const all = appRouter._def.procedures as unknown as Record<string, { readonly _def: Definition }>
  return Object.fromEntries(Object.entries(all).map(([name, { _def }]) => [name, _def]))
}

export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  return z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonSchema
}
