import type { JsonSchema } from './json-schema.ts'

/** What is sent may hold arrays that nobody may change; what is received is the receiver's. */
export type Side = 'input' | 'output'

/** TypeScript out of JSON Schema: schemas with an id become named types. */
export type Types = {
  /** Gives the type of a schema; an object without an id gets the name that is offered, where one is. */
  of(schema: JsonSchema, side: Side, name?: string): string
  /** The text of all named types. */
  declarations(): string
}

type Place = { readonly side: Side; readonly indent: string }

/** Names of ours that TypeScript has for itself. */
const renamed: Readonly<Record<string, string>> = { Record: 'MedicalRecord' }

export function createTypes(): Types {
  const named = new Map<string, string>([
    ['Empty', 'export type Empty = Readonly<Record<string, never>>'],
    ['Page', 'export type Page<Item> = { items: Item[]; nextCursor: string | null }'],
  ])
  const nameOf = (id: string) => renamed[id] ?? id

  const declare = (name: string, schema: JsonSchema, side: Side): string => {
    if (!named.has(name)) {
      named.set(name, '')
      named.set(name, `export type ${name} = ${bodyOf(schema, { side, indent: '' })}`)
    }
    return name
  }

  const of = (schema: JsonSchema, side: Side, name?: string): string => {
    for (const [id, definition] of Object.entries(schema.$defs ?? {})) declare(nameOf(id), definition, side)
    const id = schema.id ?? name
    const { properties } = schema
    if (properties !== undefined && Object.keys(properties).length === 0) return 'Empty'
    const isNamed = id !== undefined && properties !== undefined
    return isNamed ? declare(nameOf(id), schema, side) : bodyOf(schema, { side, indent: '' })
  }

  const bodyOf = (schema: JsonSchema, place: Place): string => {
    if (schema.$ref !== undefined) return nameOf(schema.$ref.replace('#/$defs/', ''))
    if (schema.anyOf !== undefined)
      return [...new Set(schema.anyOf.map((option) => inner(option, place)))].join(' | ')
    if (schema.enum !== undefined) return schema.enum.map((value) => quoted(value)).join(' | ')
    switch (schema.type) {
      case 'string':
      case 'boolean':
      case 'null':
        return schema.type
      case 'integer':
      case 'number':
        return 'number'
      case 'array':
        return arrayOf(inner(schema.items ?? {}, place), place.side)
      case 'object':
        return pageOf(schema, place) ?? objectOf(schema, place)
      default:
        return 'unknown'
    }
  }

  /** A schema within another: named ones by their name. */
  const inner = (schema: JsonSchema, place: Place): string =>
    schema.id === undefined || schema.properties === undefined
      ? bodyOf(schema, place)
      : declare(nameOf(schema.id), schema, place.side)

  /** A page of a list has one name for all lists. */
  const pageOf = (schema: JsonSchema, place: Place): string | null => {
    const { items, nextCursor, ...others } = schema.properties ?? {}
    const isPage = items?.items !== undefined && nextCursor !== undefined && Object.keys(others).length === 0
    return isPage ? `Page<${inner(items.items ?? {}, place)}>` : null
  }

  const objectOf = ({ properties = {}, required = [] }: JsonSchema, { side, indent }: Place): string => {
    const deeper = `${indent}  `
    const lines = Object.entries(properties).map(([name, schema]) => {
      const isRequired = required.includes(name)
      const type = inner(schema, { side, indent: deeper })
      const doc = schema.description === undefined ? '' : `${deeper}/** ${schema.description} */\n`
      return `${doc}${deeper}${name}${isRequired ? '' : '?'}: ${type}${isRequired ? '' : ' | undefined'}`
    })
    return lines.length === 0 ? 'Empty' : `{\n${lines.join('\n')}\n${indent}}`
  }

  return { of, declarations: () => [...named.values()].join('\n\n') }
}

function arrayOf(item: string, side: Side): string {
  const array = /[ |{]/.test(item) ? `(${item})[]` : `${item}[]`
  return side === 'input' ? `readonly ${array}` : array
}

function quoted(value: unknown): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", String.raw`\'`)}'` : JSON.stringify(value)
}
