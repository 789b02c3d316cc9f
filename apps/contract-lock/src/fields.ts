import type { z } from 'zod'
import type { Field, Fields } from './contract.ts'
import { jsonSchemaOf, type JsonSchema } from './json-schema.ts'

/** Lists the fields of what a schema takes (`input`) or gives (`output`), each with its rules. */
export function fieldsOf(schema: z.ZodType | undefined, io: 'input' | 'output'): Fields {
  if (schema === undefined) return {}
  const json = jsonSchemaOf(schema, io)
  const fields: Record<string, Field> = {}
  collect(json, { path: '', optional: false, defs: json.$defs ?? {} }, fields)
  return fields
}

type Place = {
  readonly path: string
  readonly optional: boolean
  readonly defs: Readonly<Record<string, JsonSchema>>
}

function collect(given: JsonSchema, place: Place, fields: Record<string, Field>): void {
  const schemas = optionsOf(given, place.defs)
  fields[place.path === '' ? '.' : place.path] = fieldOf(schemas, place.optional)
  for (const schema of schemas) {
    if (schema.items !== undefined)
      collect(schema.items, { ...place, path: `${place.path}[]`, optional: false }, fields)
    for (const [name, inner] of Object.entries(schema.properties ?? {})) {
      const path = place.path === '' ? name : `${place.path}.${name}`
      const isRequired = schema.required?.includes(name) ?? false
      collect(inner, { ...place, path, optional: !isRequired }, fields)
    }
  }
}

/** The schemas of which a value must fit one, with references resolved. */
function optionsOf(schema: JsonSchema, defs: Place['defs']): JsonSchema[] {
  if (schema.$ref !== undefined) return optionsOf(defs[schema.$ref.replace('#/$defs/', '')] ?? {}, defs)
  return schema.anyOf?.flatMap((option) => optionsOf(option, defs)) ?? [schema]
}

function fieldOf(schemas: readonly JsonSchema[], optional: boolean): Field {
  const types = schemas.map(({ type }) => type ?? 'anything')
  const values = schemas.flatMap((schema) => schema.enum ?? ('const' in schema ? [schema.const] : []))
  const min = bound(schemas, ['minimum', 'minLength', 'minItems'])
  const max = bound(schemas, ['maximum', 'maxLength', 'maxItems'])
  const pattern = schemas.map((schema) => schema['pattern']).find((one) => typeof one === 'string')
  return {
    type: [...new Set(types)].toSorted().join(' or '),
    ...(optional ? { optional } : {}),
    ...(values.length === 0 ? {} : { values }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(pattern === undefined ? {} : { pattern }),
  }
}

function bound(schemas: readonly JsonSchema[], keywords: readonly string[]): number | undefined {
  const found = schemas.flatMap((schema) => keywords.map((keyword) => schema[keyword]))
  return found.find((value) => typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER) as
    | number
    | undefined
}
