import { mapValues, type JsonSchema } from './json-schema.ts'

/** The named schemas of a document. */
export type Schemas = {
  add(name: string, schema: JsonSchema): void
  /** Takes a schema's definitions over, and gives it with its references pointed at them. */
  of(schema: JsonSchema): JsonSchema
  /** Gives what a reference stands for. */
  resolve(schema: JsonSchema): JsonSchema
  all(): Record<string, JsonSchema>
}

export function createSchemas(): Schemas {
  const named = new Map<string, JsonSchema>()
  return {
    add: (name, schema) => void named.set(name, schema),
    of({ $defs, ...schema }) {
      for (const [name, definition] of Object.entries($defs ?? {})) named.set(name, pointed(definition))
      const { id, ...rest } = pointed(schema)
      if (id === undefined) return rest
      named.set(id, rest)
      return { $ref: `#/components/schemas/${id}` }
    },
    resolve(schema) {
      const name = schema.$ref?.replace('#/components/schemas/', '')
      return (name === undefined ? undefined : named.get(name)) ?? schema
    },
    all: () => Object.fromEntries([...named].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  }
}

/** Points references at the document's components, and drops the ids that only name a schema. */
function pointed(schema: JsonSchema): JsonSchema {
  const { $ref, properties, items, anyOf, ...rest } = schema
  return {
    ...rest,
    ...($ref === undefined ? {} : { $ref: $ref.replace('#/$defs/', '#/components/schemas/') }),
    ...(properties === undefined
      ? {}
      : { properties: mapValues(properties, (inner) => withoutId(pointed(inner))) }),
    ...(items === undefined ? {} : { items: withoutId(pointed(items)) }),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map((inner) => withoutId(pointed(inner))) }),
  }
}

function withoutId({ id: _, ...schema }: JsonSchema): JsonSchema {
  return schema
}

/** RFC 9457, with our members. */
export const problemSchema: JsonSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'requestId'],
  properties: {
    type: {
      type: 'string',
      format: 'uri-reference',
      description: 'What kind of problem; a page that explains it.',
    },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string', description: 'Path of the request.' },
    code: { type: 'string', description: 'The same code as over tRPC.' },
    requestId: { type: 'string' },
    errors: {
      type: 'array',
      description: 'Each invalid field.',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
}
