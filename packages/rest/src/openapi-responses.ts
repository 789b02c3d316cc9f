import { headersOf, statusOfSuccess } from './declared.ts'
import { jsonSchemaOf, mapValues, type JsonSchema } from './json-schema.ts'
import { namedExamples } from './openapi-examples.ts'
import type { Schemas } from './openapi-schemas.ts'
import type { RestProcedure } from './walk.ts'

export type DeclaredFailure = {
  readonly status: number
  readonly reason: string
  readonly title: string
  readonly code: string
}

/** Headers of ours; each answer names those that it has. */
export const headers: Readonly<Record<string, { description: string; schema: JsonSchema }>> = mapValues(
  {
    'x-request-id': 'Id of the request, for the log.',
    etag: 'Entity tag; send it back as If-None-Match or If-Match.',
    location: 'Path of what was created.',
    link: 'The next page, rel="next" (RFC 8288); absent on the last one.',
    'www-authenticate': 'The scheme to authenticate by.',
    'retry-after': 'Seconds to wait.',
    ratelimit: 'What is left of the limit that was met, and when it is whole again.',
    'ratelimit-policy': 'The limit that was met.',
  },
  (description) => ({ description, schema: { type: 'string' } }),
)

/** Refers to the headers of ours that an answer has, and the one that all have. */
const refer = (names: readonly string[]) =>
  Object.fromEntries(
    ['x-request-id', ...names].map((name) => [name, { $ref: `#/components/headers/${name}` }]),
  )

/** The answers of success of an operation, by status. */
export function successOf(group: readonly RestProcedure[], schemas: Schemas): Record<string, unknown> {
  const [first] = group
  if (first === undefined) return {}
  const { rest } = first
  const status = statusOfSuccess(first)
  if (status === 204) return { 204: { description: 'Done; there is no body.', headers: refer([]) } }
  const contents = group.map((procedure) => contentOf(procedure, schemas))
  const [only] = contents
  const schema = contents.length === 1 ? only?.schema : { oneOf: contents.map((content) => content.schema) }
  const item = contents.find((content) => content.item !== null)?.item
  const shown = namedExamples(group, (one, { output }) =>
    one.rest.list === undefined ? output : (output as { items?: unknown } | undefined)?.items,
  )
  return {
    [status]: {
      description: item === undefined ? 'Done.' : 'The list: whole, or a page of it when there is a limit.',
      headers: refer(headersOf(group, status)),
      content: { 'application/json': { schema, ...shown }, ...(item === undefined ? {} : rowsOf(item)) },
    },
    ...(rest.method === 'GET'
      ? {
          304: {
            description: 'The caller has the present version already (If-None-Match).',
            headers: refer(headersOf(group, 304)),
          },
        }
      : {}),
  }
}

function contentOf(procedure: RestProcedure, schemas: Schemas) {
  const schema = schemas.of(jsonSchemaOf(procedure.outputSchema, 'output'))
  if (procedure.rest.list === undefined) return { schema, item: null }
  const item = schemas.resolve(schema).properties?.['items']?.items ?? {}
  return { schema: { type: 'array', items: item }, item }
}

/** A list is also told row by row. */
function rowsOf(item: JsonSchema): Record<string, unknown> {
  const table = 'A row for each item, under a row of names (RFC 4180).'
  return {
    'application/x-ndjson': { schema: item },
    'text/csv': { schema: { type: 'string', description: table } },
  }
}

/** The answers of failure of an operation, by status. */
export function failuresOf(failures: readonly DeclaredFailure[]): Record<string, unknown> {
  const byStatus = new Map<number, Map<string, DeclaredFailure>>()
  for (const failure of failures) {
    const reasons = byStatus.get(failure.status) ?? new Map<string, DeclaredFailure>()
    byStatus.set(failure.status, reasons.set(failure.reason, failure))
  }
  return mapValues(Object.fromEntries(byStatus), (reasons) => {
    const all = [...reasons.values()]
    const status = all[0]?.status ?? 500
    const examples = Object.fromEntries(
      all.map((failure) => [failure.reason, { $ref: `#/components/examples/${exampleName(failure)}` }]),
    )
    return {
      description: all.map(({ reason, title }) => `${title} (\`${reason}\`)`).join('; '),
      headers: refer(headersOf([], status)),
      content: {
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, examples },
      },
    }
  })
}

/** A problem of each kind, for the document's components. */
export function problemExamples(
  failures: readonly DeclaredFailure[],
  typeOf: (reason: string) => string,
): Record<string, unknown> {
  return Object.fromEntries(
    failures.map((failure) => {
      const { status, reason, title, code } = failure
      const value = { type: typeOf(reason), title, status, detail: title, code, requestId: 'req-1' }
      return [exampleName(failure), { summary: title, value }]
    }),
  )
}

function exampleName({ reason, status }: DeclaredFailure): string {
  return `${reason}-${status}`
}
