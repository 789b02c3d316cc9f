import type { AnyRouter } from '@trpc/server'
import { z } from 'zod'
import { inlineRefs, jsonSchemaOf, type JsonSchema } from './json-schema.ts'
import type { ProcedureMeta, RestMeta } from './meta.ts'
import { assertSound, assertStreamsExist } from './sound-meta.ts'

/** A procedure that is reached over REST, with what the adapter has to know of it. */
export type RestProcedure = {
  readonly name: string
  readonly type: 'query' | 'mutation'
  readonly meta: ProcedureMeta
  readonly rest: RestMeta
  readonly pathFields: readonly string[]
  /** Fields of the input, with their schemas. */
  readonly fields: Readonly<Record<string, JsonSchema>>
  readonly inputSchema: z.ZodType | null
  readonly outputSchema: z.ZodType
  /** The output's schema, or that of an item for a list. */
  readonly objectSchema: JsonSchema
}

type Definition = {
  readonly type: string
  readonly meta?: ProcedureMeta
  readonly inputs?: readonly unknown[]
  readonly output?: unknown
}

/**
 * Gives every procedure of a router that has `rest` in its meta. Throws a sentence that names the procedure for
 * one that cannot be served as its meta says.
 */
export function walkRouter(router: AnyRouter): RestProcedure[] {
  const procedures: Record<string, { _def: Definition }> = router._def.procedures
  const served = Object.entries(procedures).flatMap(([name, { _def }]) => {
    const rest = _def.meta?.rest
    return rest === undefined ? [] : [describe(name, _def, rest)]
  })
  assertStreamsExist(served, Object.keys(procedures))
  return served
}

function describe(name: string, definition: Definition, rest: RestMeta): RestProcedure {
  const { type, meta = {} } = definition
  if (type !== 'query' && type !== 'mutation')
    throw new Error(`${name}: a ${type} cannot be served over REST.`)
  const outputSchema = schemaOf(definition.output)
  if (outputSchema === null) throw new Error(`${name}: REST needs an output schema.`)
  const inputSchema = schemaOf(definition.inputs?.[0])
  const fields = inputSchema === null ? {} : fieldsOf(inputSchema)
  const pathFields = [...rest.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
  const output = inlineRefs(jsonSchemaOf(outputSchema, 'output'))
  const objectSchema = rest.list === undefined ? output : output.properties?.['items']?.items
  if (objectSchema === undefined)
    throw new Error(`${name}: the output of a list must be { items, nextCursor }.`)
  const procedure = {
    name,
    type,
    meta,
    rest,
    pathFields,
    fields,
    inputSchema,
    outputSchema,
    objectSchema,
  } as const
  assertSound(procedure)
  return procedure
}

/** A zod schema, or a parser function that carries one as `schema`. */
function schemaOf(parser: unknown): z.ZodType | null {
  if (parser instanceof z.ZodType) return parser
  if (typeof parser === 'function' && 'schema' in parser && parser.schema instanceof z.ZodType)
    return parser.schema
  return null
}

function fieldsOf(schema: z.ZodType): Readonly<Record<string, JsonSchema>> {
  const json = inlineRefs(jsonSchemaOf(schema, 'input'))
  return json.properties ?? json.anyOf?.find((option) => option.properties !== undefined)?.properties ?? {}
}
