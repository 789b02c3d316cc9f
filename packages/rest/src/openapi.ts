import type { AnyRouter } from '@trpc/server'
import { mediaOf, statusOfSuccess } from './declared.ts'
import type { ProcedureMeta } from './meta.ts'
import { parametersOf, requestBodyOf, type OwnHeader } from './openapi-request.ts'
import { failuresOf, headers, problemExamples, successOf, type DeclaredFailure } from './openapi-responses.ts'
import { samplesOf, type CodeSample, type SampleCall } from './openapi-samples.ts'
import { createSchemas, problemSchema, type Schemas } from './openapi-schemas.ts'
import { walkRouter, type RestProcedure } from './walk.ts'

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
  /** Headers of the application that an operation heeds. */
  readonly headersOf?: (meta: ProcedureMeta) => readonly OwnHeader[]
  /** `type` of the problems of a reason. */
  readonly problemTypeOf?: (reason: string) => string
  /** Name of the environment variable that samples take a bearer token from. */
  readonly tokenVariable?: string
  /** Samples of a call besides the one for curl. */
  readonly samplesOf?: (call: SampleCall) => readonly CodeSample[]
}

/** Builds the OpenAPI 3.1 document of every procedure with `rest` in its meta. */
export function buildOpenApi(router: AnyRouter, options: OpenApiOptions): object {
  const schemas = createSchemas()
  schemas.add('Problem', problemSchema)
  const procedures = walkRouter(router)
  const paths: Record<string, Record<string, unknown>> = {}
  for (const group of sameOperations(procedures)) {
    const [first] = group
    if (first === undefined) continue
    const item = (paths[first.rest.path] ??= {})
    item[first.rest.method.toLowerCase()] = operationOf(group, options, schemas)
  }
  const failures = procedures.flatMap(({ meta }) => options.failuresOf(meta))
  return {
    openapi: '3.1.0',
    info: options.info,
    servers: options.servers,
    tags: options.tags ?? [],
    paths,
    components: {
      schemas: schemas.all(),
      headers,
      examples: problemExamples(failures, options.problemTypeOf ?? (() => 'about:blank')),
      securitySchemes: options.securitySchemes,
    },
  }
}

/** One method of one path: the procedures behind it, and what a caller sees of it besides their fields. */
export type RestOperation = {
  readonly method: string
  readonly path: string
  readonly procedures: readonly { readonly name: string; readonly meta: ProcedureMeta }[]
  /** Such as `query limit`. */
  readonly parameters: readonly string[]
  /** Status of success. */
  readonly success: number
  /** Content types of success. */
  readonly types: readonly string[]
}

/** Lists the operations of a router. */
export function operationsOf(
  router: AnyRouter,
  failuresOfMeta: OpenApiOptions['failuresOf'],
): RestOperation[] {
  const schemas = createSchemas()
  return sameOperations(walkRouter(router)).flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const failures = group.flatMap(({ meta }) => failuresOfMeta(meta))
    const parameters = parametersOf(group, { schemas, failures })
    const { method, path } = first.rest
    const success = statusOfSuccess(first)
    const named = parameters.map((parameter) => `${parameter.in} ${parameter.name}`)
    return { method, path, procedures: group, parameters: named, success, types: mediaOf(group) }
  })
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
  const failures = group.flatMap((procedure) => options.failuresOf(procedure.meta))
  const security = options.securityOf(meta)
  const body = requestBodyOf(first, schemas)
  const samples = samplesOf(first, {
    url: options.servers[0]?.url ?? '',
    tokenVariable: options.tokenVariable ?? 'TOKEN',
    needsCredential: security.length > 0,
    samplesOf: options.samplesOf,
  })
  return {
    operationId: first.name,
    summary: textsOf(group, ({ summary }) => summary).join(', or: '),
    description: textsOf(group, ({ description, summary }) => description ?? summary).join('\n\n'),
    tags: meta.tags ?? [],
    security,
    parameters: parametersOf(group, { schemas, failures, headers: options.headersOf?.(meta) ?? [] }),
    ...(body === undefined ? {} : { requestBody: body }),
    responses: {
      ...successOf(group, schemas),
      ...failuresOf(failures),
    },
    ...(samples.length === 0 ? {} : { 'x-codeSamples': samples }),
  }
}

function textsOf(
  group: readonly RestProcedure[],
  read: (meta: ProcedureMeta) => string | undefined,
): string[] {
  return group.map(({ meta }) => read(meta)).filter((text) => text !== undefined)
}
