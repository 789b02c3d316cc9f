import { appRouter, type Meta } from '@casebook/api'
import { ImportBookRow } from '@casebook/api/books'
import { ImportPatientRow, ImportRecordRow } from '@casebook/api/records'
import { identifying } from 'casebook/reveal'
import { wordsOf, type Words } from 'casebook/words'
import type { AnswerSpec, CommandSpec, FlagSpec, ImportField, SecretSpec } from 'casebook/spec'
import type { z } from 'zod'
import { commandExample } from './command-example.ts'
import { jsonSchemaOf, type JsonSchema } from './json-schema.ts'

type Definition = {
  readonly type: 'query' | 'mutation'
  readonly meta: Meta
  readonly inputs: readonly z.ZodType[]
  readonly output: { readonly schema?: z.ZodType; readonly itemSchema?: z.ZodType }
}

/** Makes the commands of the contract, as `casebook` reads them. */
export function commandSpecs(): CommandSpec[] {
  const all = appRouter._def.procedures as unknown as Record<string, { readonly _def: Definition }>
  return Object.entries(all).flatMap(([procedure, { _def }]) =>
    (wordsOf[procedure] ?? []).map((words) => specOf(procedure, _def, words)),
  )
}

/** Writes the file that `casebook` reads them from: a line for each. */
export function commandsFile(): string {
  const lines = commandSpecs().map((spec) => `  ${JSON.stringify(spec)},\n`)
  return `// Written out of the contract by \`npm run contract -- --write\`; not by hand.
import type { CommandSpec, ImportField } from './spec.ts'

export const commandSpecs: readonly CommandSpec[] = [
${lines.join('')}]

export const importFields: Readonly<Record<string, readonly ImportField[]>> = ${JSON.stringify(importFields())}
`
}

function specOf(procedure: string, { type, meta, inputs, output }: Definition, words: Words): CommandSpec {
  const input = inputs[0] === undefined ? {} : jsonSchemaOf(inputs[0], 'input')
  const { properties = {}, required = [] } = objectOf(input)
  const args = [...(meta.rest?.path ?? '').matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const isSecret = (field: string) => procedure.startsWith('auth.') && secretFields.has(field)
  const isFlag = (field: string) =>
    !args.includes(field) &&
    !isSecret(field) &&
    !leftOut.has(field) &&
    !(field in (words.fixed ?? {})) &&
    words.without?.includes(field) !== true
  const fields = Object.entries(properties)
  const ids = words.accounts === true ? {} : idsOf(inputs[0])
  const parts: Omit<CommandSpec, 'example'> = {
    words: words.words,
    procedure,
    kind: type,
    summary: meta.summary,
    ...(meta.description === undefined ? {} : { description: meta.description }),
    args,
    ...(Object.keys(ids).length === 0 ? {} : { ids }),
    flags: fields
      .filter(([field]) => isFlag(field))
      .map(([field, schema]) =>
        flagOf(field, withoutRefs(schema, input), { words, isRequired: required.includes(field) }),
      ),
    secrets: fields
      .filter(([field]) => isSecret(field))
      .map(([field, schema]) => secretOf(field, schema, required.includes(field))),
    ...(words.fixed === undefined ? {} : { fixed: words.fixed }),
    answer: answerOf(jsonSchemaOf(output.schema ?? failWith(procedure), 'output'), words),
    ...(words.destroys === undefined ? {} : { destroys: words.destroys }),
    ...(words.present === undefined ? {} : { present: words.present }),
    ...(meta.errors?.includes('idempotency-mismatch') === true ? { repeatable: true } : {}),
    ...(words.accounts === undefined ? {} : { accounts: words.accounts }),
    ...(meta.rest?.list?.stream === undefined ? {} : { stream: meta.rest.list.stream }),
  }
  return { ...parts, example: commandExample(parts, meta.examples?.[0]?.input) }
}

/** Fields of accounts that nobody else may see on a screen or in a list of processes. */
const secretFields = new Set(['password', 'currentPassword', 'newPassword', 'code', 'key', 'invitation'])
/** A list is walked whatever its pages are. */
const leftOut = new Set(['cursor'])

function secretOf(field: string, { description }: JsonSchema, required: boolean): SecretSpec {
  return { field, label: description === undefined ? wordsIn(field) : midSentence(description), required }
}

function flagOf(
  field: string,
  given: JsonSchema,
  { words, isRequired }: { words: Words; isRequired: boolean },
): FlagSpec {
  const options = given.anyOf ?? [given]
  const schema = options.find(({ type }) => type !== 'null') ?? given
  const nullable = options.length > 1 && options.some(({ type }) => type === 'null')
  const type = typeOf(schema)
  const values = (type === 'list' ? schema.items?.enum : schema.enum) as readonly string[] | undefined
  // With so many, a list of them helps nobody; the server checks.
  const shown = values !== undefined && values.length <= 20 ? values : undefined
  const name = field === 'version' ? 'if-version' : (words.flags?.[field] ?? kebab(field))
  const about = given.description ?? schema.description ?? (field === 'limit' ? '' : wordsIn(field))
  return {
    name,
    field,
    type,
    help:
      field === 'limit'
        ? 'at most so many'
        : helpOf(about, { ...schema, default: given['default'] }, { type, nullable }),
    ...(isRequired ? { required: true } : {}),
    ...(nullable ? { nullable: true } : {}),
    ...(shown === undefined ? {} : { values: shown }),
  }
}

function helpOf(
  about: string,
  schema: JsonSchema,
  { type, nullable }: { type: FlagSpec['type']; nullable: boolean },
): string {
  const notes = [
    ...(schema['format'] === 'date' ? ['YYYY-MM-DD'] : []),
    ...(isScalar(schema['default']) ? [`default ${schema['default']}`] : []),
    ...(type === 'list' ? ['repeatable'] : []),
    ...(type === 'json' ? [`as JSON: ${shapeOf(schema)}`] : []),
    ...(nullable ? ['null takes it away'] : []),
  ]
  const sentence = midSentence(about)
  return notes.length === 0 ? sentence : `${sentence} (${notes.join('; ')})`
}

/** Shows what JSON is to hold: the names of fields, with ? where they may be left out. */
function shapeOf({ items, properties, required = [] }: JsonSchema): string {
  if (items !== undefined) return `[${shapeOf(items)}]`
  const names = Object.keys(properties ?? {}).map((name) => (required.includes(name) ? name : `${name}?`))
  return `{${names.join(', ')}}`
}

/** Finds the fields that address something, in whose place any other text names nothing: what their ids begin with. */
function idsOf(input: z.ZodType | undefined): Readonly<Record<string, string>> {
  const fields = Object.entries((input as Partial<z.ZodObject> | undefined)?.shape ?? {})
  const prefixes = fields.map(([field, schema]) => {
    const { data } = (schema as z.ZodType).safeParse('of nothing')
    return [field, typeof data === 'string' ? /^([a-z]+)_0+$/.exec(data)?.[1] : undefined] as const
  })
  return Object.fromEntries(
    prefixes.flatMap(([field, prefix]) => (prefix === undefined ? [] : [[field, prefix]])),
  )
}

/** The fields of the rows that each import takes, for its help. */
function importFields(): Record<string, readonly ImportField[]> {
  return Object.fromEntries(
    Object.entries({ books: ImportBookRow, records: ImportRecordRow, patients: ImportPatientRow }).map(
      ([name, schema]) => {
        const json = jsonSchemaOf(schema, 'input')
        return [name, Object.entries(json.properties ?? {}).map((entry) => importField(entry, json))]
      },
    ),
  )
}

function importField([name, given]: [string, JsonSchema], root: JsonSchema): ImportField {
  const schema = resolved(given, root)
  const type = typeOf(schema)
  const notes = [
    ...(schema['format'] === 'date' ? ['YYYY-MM-DD'] : []),
    ...(schema.enum === undefined ? [] : [schema.enum.join(', ')]),
    ...(type === 'list' ? ['in CSV with ; between'] : []),
    ...(type === 'json' ? [`JSON, in a cell, too: ${shapeOf(schema)}`] : []),
    ...(isScalar(schema['default']) ? [`default ${schema['default']}`] : []),
  ]
  const about = given.description ?? schema.description ?? wordsIn(name)
  return {
    name,
    help: [midSentence(about), ...notes].join('; '),
    ...(root.required?.includes(name) === true ? { required: true } : {}),
  }
}

/** Writes a description as it stands within a sentence: names in capitals stay. */
function midSentence(about: string): string {
  return /^[A-Z][a-z ]/.test(about) ? about.charAt(0).toLowerCase() + about.slice(1) : about
}

function isScalar(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number'
}

function typeOf({ type, items }: JsonSchema): FlagSpec['type'] {
  switch (type) {
    case 'integer':
    case 'boolean':
      return type
    case 'array':
      return items?.type === 'string' ? 'list' : 'json'
    case 'object':
      return 'json'
    default:
      return 'text'
  }
}

function answerOf(given: JsonSchema, words: Words): AnswerSpec {
  const schema = resolved(given, given)
  if (schema.type === 'null') return { form: 'nothing', columns: [], fields: [] }
  const { items, nextCursor } = schema.properties ?? {}
  const isPage = items?.items !== undefined && nextCursor !== undefined
  const one = isPage ? resolved(items.items ?? {}, given) : schema
  const fields = Object.keys(one.properties ?? {})
  const hidden = identifying.filter((field) => fields.includes(field))
  return {
    form: isPage ? 'page' : fields.join(' ') === 'message' ? 'message' : 'one',
    columns: isPage ? (words.columns ?? fields) : [],
    fields,
    ...(hidden.length === 0 ? {} : { identifying: hidden }),
  }
}

/** A field's schema with what it refers to in its place, where it is one of several. */
function withoutRefs(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const { anyOf } = schema
  if (anyOf === undefined) return resolved(schema, root)
  return { ...schema, anyOf: anyOf.map((option) => resolved(option, root)) }
}

function resolved(schema: JsonSchema, { $defs = {} }: JsonSchema): JsonSchema {
  return schema.$ref === undefined ? schema : ($defs[schema.$ref.replace('#/$defs/', '')] ?? {})
}

/** The object among what an input may be: some may be left out as a whole. */
function objectOf(schema: JsonSchema): JsonSchema {
  return schema.properties === undefined
    ? (schema.anyOf?.find(({ properties }) => properties !== undefined) ?? schema)
    : schema
}

function kebab(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function wordsIn(field: string): string {
  return kebab(field).replaceAll('-', ' ')
}

function failWith(procedure: string): never {
  throw new Error(`${procedure} has no output that a command could show`)
}
