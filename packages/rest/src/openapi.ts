import type { AnyRouter } from '@trpc/server'
import { statusOfSuccess } from './declared.ts'
import { jsonSchemaOf, mapValues } from './json-schema.ts'
import type { ProcedureMeta } from './meta.ts'
import { exampleOf, parametersOf, requestBodyOf } from './openapi-request.ts'
import { createSchemas, problemSchema, type Schemas } from './openapi-schemas.ts'
import { walkRouter, type RestProcedure } from './walk.ts'

export type DeclaredFailure = { readonly status: number; readonly reason: string; readonly title: string }

export type OpenApiOptions = {
  readonly info: {
    readonly title: string
    readonly version: string
    readonly description?: string
    readonly [key: string]: unknown
  }
  readonly servers: readonly { readonly url: string }[]
  readonly securitySchemes: Readonly<Record<string, unknown>>
  readonly tags?: readonly { readonly name: string; readonly description?: string }[]
  /** Security requirements of an operation, such as `[{ bearer: [] }]`; none for a public one. */
  readonly securityOf: (meta: ProcedureMeta) => readonly Readonly<Record<string, readonly string[]>>[]
  /** Failures that an operation declares. */
  readonly failuresOf: (meta: ProcedureMeta) => readonly DeclaredFailure[]
}

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` })

/** Builds the OpenAPI 3.1 document of every procedure with `rest` in its meta. */
export function buildOpenApi(router: AnyRouter, options: OpenApiOptions): object {
  const schemas = createSchemas()
  schemas.add('Problem', problemSchema)
  const paths: Record<string, Record<string, unknown>> = {}
  for (const group of sameOperations(walkRouter(router))) {
    const [first] = group
    if (first === undefined) continue
    const item = (paths[first.rest.path] ??= {})
    item[first.rest.method.toLowerCase()] = operationOf(group, options, schemas)
  }
  return {
    openapi: '3.1.0',
    info: options.info,
    servers: options.servers,
    tags: options.tags ?? [],
    paths,
    components: { schemas: schemas.all(), securitySchemes: options.securitySchemes },
  }
}

/** Groups procedures that share method and shape of path: the document knows one operation for them. */
function sameOperations(procedures: readonly RestProcedure[]): RestProcedure[][] {
  const groups = new Map<string, RestProcedure[]>()
  const names = new Map<string, string>()
  for (const procedure of procedures) {
    const shape = procedure.rest.path.replaceAll(/\{\w+\}/g, '{}')
    const path = names.get(shape) ?? procedure.rest.path
    names.set(shape, path)
    const key = `${procedure.rest.method} ${shape}`
    const renamed = { ...procedure, rest: { ...procedure.rest, path } }
    groups.set(key, [...(groups.get(key) ?? []), renamed])
  }
  return [...groups.values()]
}

function operationOf(group: readonly RestProcedure[], options: OpenApiOptions, schemas: Schemas): object {
  const [first] = group
  if (first === undefined) throw new Error('an operation has at least one procedure')
  const { meta } = first
  const security = options.securityOf(meta)
  const body = requestBodyOf(first, schemas)
  const join = (texts: readonly (string | undefined)[], between: string) =>
    texts.filter((text) => text !== undefined).join(between)
  return {
    operationId: first.name,
    summary: join(
      group.map((one) => one.meta.summary),
      ', or: ',
    ),
    description: join(
      group.map((one) => one.meta.description ?? one.meta.summary),
      '\n\n',
    ),
    tags: meta.tags ?? [],
    security,
    parameters: parametersOf(group, schemas),
    ...(body === undefined ? {} : { requestBody: body }),
    responses: { ...successOf(group, schemas), ...failuresOf(group, options) },
  }
}

function successOf(group: readonly RestProcedure[], schemas: Schemas): Record<string, unknown> {
  const [first] = group
  if (first === undefined) return {}
  const { rest } = first
  const status = statusOfSuccess(first)
  if (status === 204) return { 204: { description: 'Done; there is no body.' } }
  const contents = group.map((procedure) => {
    const schema = schemas.of(jsonSchemaOf(procedure.outputSchema, 'output'))
    if (procedure.rest.list === undefined) return { schema, item: null }
    const item = schemas.resolve(schema).properties?.['items']?.items ?? {}
    return { schema: { type: 'array', items: item }, item }
  })
  const [only] = contents
  const schema = contents.length === 1 ? only?.schema : { oneOf: contents.map((content) => content.schema) }
  const item = contents.find((content) => content.item !== null)?.item
  const example = exampleOf(group, 'output')
  const text = { type: 'string' }
  return {
    [status]: {
      description: 'Done.',
      headers: {
        'x-request-id': { description: 'Id of the request, for the log.', schema: text },
        etag: { description: 'Entity tag; send it back as If-None-Match or If-Match.', schema: text },
        ...(rest.location === undefined
          ? {}
          : { location: { description: 'Path of what was created.', schema: text } }),
        ...(item === undefined ? {} : { link: { description: 'The next page, rel="next".', schema: text } }),
      },
      content: {
        'application/json': { schema, ...(example === undefined ? {} : { example }) },
        ...(item === undefined
          ? {}
          : { 'application/x-ndjson': { schema: item }, 'text/csv': { schema: { type: 'string' } } }),
      },
    },
    ...(rest.method === 'GET'
      ? { 304: { description: 'The caller has the present version already (If-None-Match).' } }
      : {}),
  }
}

function failuresOf(group: readonly RestProcedure[], options: OpenApiOptions): Record<string, unknown> {
  const byStatus = new Map<number, Map<string, string>>()
  for (const failure of group.flatMap((procedure) => options.failuresOf(procedure.meta))) {
    const reasons = byStatus.get(failure.status) ?? new Map<string, string>()
    byStatus.set(failure.status, reasons.set(failure.reason, failure.title))
  }
  return mapValues(Object.fromEntries(byStatus), (reasons) => ({
    description: [...reasons].map(([reason, title]) => `${title} (\`${reason}\`)`).join('; '),
    content: { 'application/problem+json': { schema: reference('Problem') } },
  }))
}
