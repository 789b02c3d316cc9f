import type { CommandSpec } from 'casebook/spec'

/** Writes the example of a procedure as the line that a shell takes. */
export function commandExample(spec: Omit<CommandSpec, 'example'>, given: unknown): string {
  const input = (given ?? {}) as Readonly<Record<string, unknown>>
  const args = spec.args.map((field) => quoted(textOf(input[field])))
  const flags = spec.flags.flatMap(({ name, field, type }) => {
    const value = input[field]
    if (value === undefined) return []
    const values = type === 'list' && Array.isArray(value) ? value : [value]
    return values.map((one) => `--${name} ${quoted(textOf(one))}`)
  })
  const isSecret = spec.secrets.some(({ field }) => input[field] !== undefined)
  return [
    'casebook',
    spec.words,
    ...args,
    ...flags,
    ...(spec.destroys === true ? ['--yes'] : []),
    ...(isSecret ? ['--secrets-stdin < secrets.txt'] : []),
  ].join(' ')
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** As a shell takes it: single quotes around what is not plain. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
