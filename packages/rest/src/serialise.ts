import fastJsonStringify from 'fast-json-stringify'
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

/** Compiles the serialiser of a schema whose references are in place. */
export function compileSerialiser(schema: JsonSchema): Serialise {
  const stringify = fastJsonStringify(serialiserSchema(schema) as fastJsonStringify.Schema)
  return (value) => stringify(value)
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
