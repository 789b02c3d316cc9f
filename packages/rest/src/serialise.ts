import { createRequire } from 'node:module'
import type fastJsonStringify from 'fast-json-stringify'
import { mapValues, type JsonSchema } from './json-schema.ts'

/** Writes a value as JSON, with the fields of its schema and no others. */
export type Serialise = (value: unknown) => string

type SerialiserSchema = {
  readonly type?: string
  readonly nullable?: boolean
  readonly properties?: Readonly<Record<string, SerialiserSchema>>
  readonly items?: SerialiserSchema
  readonly additionalProperties?: boolean
}

type Compile = (schema: fastJsonStringify.Schema) => Serialise

const require = createRequire(import.meta.url)

/**
 * Makes the serialiser of a schema whose references are in place. It is compiled by the first value, and the compiler
 * loaded by the first of all: with as many as a router has, that would be a tenth of a start.
 */
export function compileSerialiser(schema: JsonSchema): Serialise {
  let stringify: Serialise | undefined
  return (value) => (stringify ??= compile(schema))(value)
}

function compile(schema: JsonSchema): Serialise {
  const compiler = require('fast-json-stringify') as Compile
  return compiler(serialiserSchema(schema) as fastJsonStringify.Schema)
}

/**
 * Reduces a schema to what the serialiser may know of it. It leaves strings that have a `format` unescaped, so
 * formats must not reach it; and a nullable object must be `nullable`, since `anyOf` refuses fields too many.
 */
function serialiserSchema(schema: JsonSchema): SerialiserSchema {
  const options = schema.anyOf
  if (options !== undefined) {
    const other = options.filter((option) => option.type !== 'null')
    const [only] = other
    if (only !== undefined && other.length === 1 && options.length === 2)
      return { ...serialiserSchema(only), nullable: true }
    return {}
  }
  switch (schema.type) {
    case 'object':
      return schema.properties === undefined
        ? { type: 'object', additionalProperties: true }
        : {
            type: 'object',
            // Required fields would be written first; so they stand where the schema has them.
            properties: mapValues(schema.properties, serialiserSchema),
          }
    case 'array':
      return { type: 'array', items: schema.items === undefined ? {} : serialiserSchema(schema.items) }
    case 'string':
    case 'number':
    case 'integer':
    case 'boolean':
    case 'null':
      return { type: schema.type }
    default:
      return {}
  }
}
