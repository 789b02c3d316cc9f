import { appRouter, errorCatalogue } from '@casebook/api'
import { z } from 'zod'
import { jsonSchemaOf } from './json-schema.ts'
import { createTypes, type Types } from './type-text.ts'

type Definition = {
  readonly type: 'query' | 'mutation'
  readonly meta: { readonly summary: string; readonly description?: string }
  readonly inputs: readonly z.ZodType[]
  readonly output: { readonly schema?: z.ZodType; readonly itemSchema?: z.ZodType }
}
type Tree = { [name: string]: Tree | string }

/**
 * Writes the types of the typed client: every procedure with what it takes and gives, in plain TypeScript, so that
 * the client's users need neither our schemas nor the types of tRPC.
 */
export function clientTypes(version: string): string {
  const types = createTypes()
  const tree: Tree = {}
  const all = appRouter._def.procedures as unknown as Record<string, { readonly _def: Definition }>
  for (const [name, { _def }] of Object.entries(all))
    plant(tree, name.split('.'), signatureOf(name, _def, types))
  const codes = [...new Set(Object.values(errorCatalogue).map(({ code }) => code))]
  return `// Written out of the contract by \`npm run contract -- --write\`; not by hand.

/** The version of the contract that this client was made for. */
export const contractVersion = '${version}'

/** Classes of errors; each reason is of one. */
export type ErrorCode = ${unionOf(codes)}

/** Why a call failed; each has a page at \`/problems/{reason}\`. */
export type ErrorReason = ${unionOf(Object.keys(errorCatalogue))}

/** One invalid field: \`path\` is dotted (\`contributors.0.authorId\`). */
export type FieldError = { readonly path: string; readonly message: string }

export type CallOptions = {
  /** Ends the call. */
  readonly signal?: AbortSignal | undefined
  /** The same key and input again gives the first answer again, so that a create may be tried again. */
  readonly idempotencyKey?: string | undefined
}

/** A read. */
export type Query<Input extends unknown[], Output> = {
  readonly query: (...args: [...Input, options?: CallOptions]) => Promise<Output>
}

/** A change. */
export type Mutation<Input extends unknown[], Output> = {
  readonly mutate: (...args: [...Input, options?: CallOptions]) => Promise<Output>
}

${types.declarations()}

/** Every procedure of the contract. */
export type CasebookClient = ${treeText(tree, '')}
`
}

function plant(tree: Tree, [name = '', ...rest]: readonly string[], text: string): void {
  if (rest.length === 0) {
    tree[name] = text
    return
  }
  const branch = tree[name]
  const inner: Tree = typeof branch === 'object' ? branch : {}
  tree[name] = inner
  plant(inner, rest, text)
}

function treeText(tree: Tree, indent: string): string {
  const inner = `${indent}  `
  const lines = Object.entries(tree).map(([name, entry]) =>
    typeof entry === 'string'
      ? entry.replaceAll('\n', `\n${inner}`).replace(/^/, inner)
      : `${inner}readonly ${name}: ${treeText(entry, inner)}`,
  )
  return `{\n${lines.join('\n')}\n${indent}}`
}

function signatureOf(path: string, definition: Definition, types: Types): string {
  const { type, meta, inputs, output } = definition
  const name = path.split('.').at(-1) ?? path
  const [input] = inputs
  const taken =
    input === undefined ? 'unknown' : types.of(jsonSchemaOf(input, 'input'), 'input', `${pascal(path)}Input`)
  const isOptional = input?.safeParse(undefined).success ?? true
  const parameter = isEmpty(taken) ? 'input?: Empty' : isOptional ? `input?: ${taken}` : `input: ${taken}`
  const given = types.of(jsonSchemaOf(output.schema ?? output.itemSchema ?? z.unknown(), 'output'), 'output')
  const answer = output.itemSchema === undefined ? given : `AsyncIterable<${given}>`
  const kind = type === 'query' ? 'Query' : 'Mutation'
  const text = meta.description === undefined ? meta.summary : `${meta.summary}. ${meta.description}`
  return `/** ${text.replaceAll('*/', '* /')} */\nreadonly ${name}: ${kind}<[${parameter}], ${answer}>`
}

function isEmpty(type: string): boolean {
  return type === 'Empty'
}

function pascal(path: string): string {
  return path
    .split('.')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')
}

function unionOf(values: readonly string[]): string {
  return values.map((value) => `\n  | '${value}'`).join('')
}
