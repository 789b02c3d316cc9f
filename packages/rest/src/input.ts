import type { FastifyRequest } from 'fastify'
import type { JsonSchema } from './json-schema.ts'
import { RequestError } from './request-error.ts'
import type { RestProcedure } from './walk.ts'

/** Reads the raw input of a request; throws RequestError. Called when access is decided, and not before. */
export type ReadInput = (request: FastifyRequest) => unknown

/** Compiles how a procedure's input is put together: path before query and body, text turned into values. */
export function compileInput(procedure: RestProcedure): ReadInput {
  const { method, input } = procedure.rest
  const converters = new Map(
    Object.entries(procedure.fields).map(([name, schema]) => [name, converterOf(schema)]),
  )
  const queryFields = new Set(method === 'DELETE' ? Object.keys(procedure.fields) : input?.query)

  const readText = (texts: Readonly<Record<string, unknown>>): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [name, (converters.get(name) ?? asIs)(text)]),
    )

  return (request) => {
    assertWellFormed(request.url)
    const query = request.query as Record<string, unknown>
    const params = request.params as Record<string, unknown>
    refuseFields(query, procedure.pathFields)
    if (method === 'GET') return { ...readText(query), ...readText(params) }
    refuseFields(
      query,
      Object.keys(query).filter((name) => converters.has(name) && !queryFields.has(name)),
    )
    const body = readBody(request.body)
    if (body !== undefined && !isPlainObject(body)) return body
    refuseFields(body ?? {}, procedure.pathFields)
    return { ...body, ...readText(query), ...readText(params) }
  }
}

/** Refuses a query whose percent-encoding is broken, or is no UTF-8, which parsers would take for text. */
function assertWellFormed(url: string): void {
  const start = url.indexOf('?')
  if (start === -1 || !url.includes('%', start)) return
  try {
    decodeURIComponent(url.slice(start))
  } catch (cause) {
    throw new RequestError('BAD_REQUEST', 'The query is not well-formed percent-encoded UTF-8.', { cause })
  }
}

/** Refuses fields in a place where they do not belong, as the fields of the input that they are not. */
function refuseFields(given: Readonly<Record<string, unknown>>, names: readonly string[]): void {
  const errors = names
    .filter((name) => Object.hasOwn(given, name))
    .map((path) => ({ path, message: 'is not a field of this input' }))
  const first = errors[0]
  if (first !== undefined)
    throw new RequestError('BAD_REQUEST', `${first.path}: ${first.message}`, { errors })
}

/** Plain decimals; with the exponents of JSON nobody writes a limit or a year. */
const decimal = /^-?\d{1,300}(\.\d{1,300})?$/

const asIs = (text: unknown): unknown => text

/** Turns text into the value that a field's schema asks for; what does not fit stays text, for the schema to refuse. */
function converterOf(schema: JsonSchema): (text: unknown) => unknown {
  const type = schema.type ?? schema.anyOf?.find((option) => option.type !== 'null')?.type
  switch (type) {
    case 'integer':
    case 'number':
      return (text) => (typeof text === 'string' && decimal.test(text) ? Number(text) : text)
    case 'boolean':
      return (text) => (text === 'true' ? true : text === 'false' ? false : text)
    case 'array':
      return (text) => (typeof text === 'string' ? [text] : text)
    default:
      return asIs
  }
}

/** Parses a body that was kept as bytes; nothing for an empty one. Throws RequestError for what is no JSON. */
function readBody(body: unknown): unknown {
  if (!(body instanceof Uint8Array) || body.length === 0) return undefined

  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch (cause) {
    throw new RequestError('BAD_REQUEST', 'The body is not well-formed UTF-8.', { cause })
  }
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new RequestError('BAD_REQUEST', 'The body is not well-formed JSON.', { cause })
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
