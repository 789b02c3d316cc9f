import type { RestMeta } from '@casebook/api'
import type { Procedure } from './procedures.ts'

export type RestRequest = {
  readonly method: RestMeta['method']
  readonly url: string
  readonly body?: unknown
}

/** Puts an input as a REST request; null for one that paths and queries have no words for. */
export function restRequestOf(procedure: Procedure, input: unknown): RestRequest | null {
  const { rest, pathFields } = procedure
  const takesBody = rest.method !== 'GET' && rest.method !== 'DELETE'
  if (!isFields(input)) {
    if (input === undefined) return isOptional(procedure) ? { method: rest.method, url: rest.path } : null
    return takesBody && pathFields.length === 0 ? { method: rest.method, url: rest.path, body: input } : null
  }
  const path = pathOf(procedure, input)
  const fields = Object.entries(input).filter(([name]) => !pathFields.includes(name))
  if (path === null) return null
  if (takesBody) {
    const body = Object.fromEntries(fields)
    return { method: rest.method, url: path, ...(fields.length === 0 ? {} : { body }) }
  }
  const query = queryOf(procedure, fields)
  return query === null ? null : { method: rest.method, url: query === '' ? path : `${path}?${query}` }
}

/** Without an input, REST says what an empty one says. */
function isOptional({ inputSchema }: Procedure): boolean {
  return inputSchema.safeParse(undefined).success
}

function pathOf({ rest, pathFields }: Procedure, input: Fields): string | null {
  const texts = new Map<string, string>()
  for (const name of pathFields) {
    const value = input[name]
    // An empty segment is another path, and dots are resolved before a request is sent.
    if (typeof value !== 'string' || !value.isWellFormed() || ['', '.', '..'].includes(value)) return null
    const pattern = rest.match?.[name]
    if (pattern !== undefined && !new RegExp(pattern).test(value)) return null
    texts.set(name, encodeURIComponent(value))
  }
  return rest.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => texts.get(name) ?? '')
}

function queryOf({ input }: Procedure, fields: readonly (readonly [string, unknown])[]): string | null {
  const properties = input.properties ?? input.anyOf?.find((option) => option.properties)?.properties ?? {}
  const query = new URLSearchParams()
  for (const [name, value] of fields) {
    const texts = textsOf(value, properties[name]?.type ?? 'string')
    if (texts === null || texts.some((text) => !text.isWellFormed())) return null
    for (const text of texts) query.append(name, text)
  }
  return query.toString()
}

/** The texts of a query field that stand for a value, where its type is known; null where none do. */
function textsOf(value: unknown, type: string): string[] | null {
  const isText = typeof value === 'string'
  if (Array.isArray(value)) {
    return value.length > 1 && value.every((one) => typeof one === 'string') ? value : null
  }
  switch (type) {
    case 'integer':
    case 'number':
      // A query takes plain decimals only.
      if (typeof value === 'number') return /e/.test(String(value)) ? null : [String(value)]
      return isText && Number.isNaN(Number.parseFloat(value)) ? [value] : null
    case 'boolean':
      if (typeof value === 'boolean') return [String(value)]
      return isText && value !== 'true' && value !== 'false' ? [value] : null
    default:
      return isText ? [value] : null
  }
}

type Fields = Readonly<Record<string, unknown>>

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
