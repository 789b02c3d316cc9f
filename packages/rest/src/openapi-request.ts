import { exampleOf, namedExamples } from './openapi-examples.ts'
import { jsonSchemaOf, type JsonSchema } from './json-schema.ts'
import type { Schemas } from './openapi-schemas.ts'
import type { RestProcedure } from './walk.ts'

export type Parameter = { readonly name: string; readonly in: string; readonly [key: string]: unknown }

/** A header that the application heeds, beside those that every REST endpoint does. */
export type OwnHeader = {
  readonly name: string
  readonly description: string
  readonly schema: JsonSchema
  readonly example?: string
}

/** Parameters of an operation: in the path, in the query, and the headers that it heeds. */
export function parametersOf(
  group: readonly RestProcedure[],
  {
    schemas,
    failures,
    headers = [],
  }: {
    schemas: Schemas
    failures: readonly { readonly status: number }[]
    headers?: readonly OwnHeader[]
  },
): Parameter[] {
  const [first] = group
  if (first === undefined) return []
  const { rest, pathFields } = first
  const names = [...rest.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
  const example = exampleOf(group, 'input') as Readonly<Record<string, unknown>> | undefined
  const path = names.map((name, place) => ({
    name,
    in: 'path',
    required: true,
    description: describePath(group, place),
    schema: { type: 'string' },
    ...(example?.[pathFields[place] ?? ''] === undefined
      ? {}
      : { example: example[pathFields[place] ?? ''] }),
  }))
  const query = [...queryFieldsOf(group)].map(([name, schema]) => {
    // The default of `limit` is of tRPC's pages; REST without a limit answers the whole list.
    const { default: preset, description, ...shown } = schema
    const hasDefault = preset !== undefined && name !== 'limit'
    return {
      name,
      in: 'query',
      required: false,
      description: description ?? name,
      schema: schemas.of(hasDefault ? { ...shown, default: preset } : shown),
    }
  })
  const own = headers.map((header) => ({ in: 'header', required: false, ...header }))
  return [...path, ...query, ...headersOf(group, failures), ...own]
}

function queryFieldsOf(group: readonly RestProcedure[]): Map<string, JsonSchema> {
  const fields = new Map<string, JsonSchema>()
  for (const { rest, fields: all, pathFields } of group) {
    const takesBody = rest.method !== 'GET' && rest.method !== 'DELETE'
    const names = takesBody ? (rest.input?.query ?? []) : Object.keys(all)
    for (const name of names) {
      const schema = all[name]
      if (schema !== undefined && !pathFields.includes(name)) fields.set(name, schema)
    }
  }
  return fields
}

function describePath(group: readonly RestProcedure[], place: number): string {
  return group.map((procedure) => `\`${procedure.pathFields[place]}\` of \`${procedure.name}\``).join(' or ')
}

/** The headers that an operation heeds: a change that may be stale heeds `If-Match`. */
function headersOf(
  group: readonly RestProcedure[],
  failures: readonly { readonly status: number }[],
): Parameter[] {
  const [first] = group
  const method = first?.rest.method
  const header = (name: string, description: string) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  })
  if (method === 'GET') return [header('If-None-Match', 'Entity tags that the caller has; 304 if one fits.')]
  if (method === 'POST' && first?.rest.status === 201) {
    return [header('Idempotency-Key', 'The same key and body again gives the first answer again.')]
  }
  return failures.some(({ status }) => status === 412)
    ? [header('If-Match', 'Entity tag of the object as it was read; 412 if it has changed.')]
    : []
}

/** The body of an operation, or nothing for one that takes none. */
export function requestBodyOf(procedure: RestProcedure, schemas: Schemas): object | undefined {
  const { rest, inputSchema, pathFields } = procedure
  if (rest.method === 'GET' || rest.method === 'DELETE' || inputSchema === null) return undefined
  const input = schemas.resolve(schemas.of(jsonSchemaOf(inputSchema, 'input')))
  const options =
    input.properties === undefined ? input.anyOf?.find((option) => option.properties !== undefined) : input
  if (options?.properties === undefined) return undefined
  const properties = Object.fromEntries(
    Object.entries(options.properties).filter(([name]) => !pathFields.includes(name)),
  )
  const required = (options.required ?? []).filter(
    (name) => !pathFields.includes(name) && !rest.input?.query?.includes(name),
  )
  return {
    required: required.length > 0,
    content: {
      'application/json': {
        schema: { type: 'object', properties, required, additionalProperties: false },
        ...namedExamples([procedure], (one, example) => withoutPath(one, example.input)),
      },
    },
  }
}

function withoutPath({ pathFields }: RestProcedure, input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return undefined
  return Object.fromEntries(Object.entries(input).filter(([name]) => !pathFields.includes(name)))
}
