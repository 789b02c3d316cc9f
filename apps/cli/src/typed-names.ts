import { commandSpecs } from './contract/commands.generated.ts'
import type { Failed } from './hints.ts'

type FieldError = { readonly path: string; readonly message: string }

/**
 * Says what was typed wrong by the name under which it was typed: the contract's `subjects.0` as `--subjects`, an
 * address as `<id>`, `code.system` as `--code`, with `system` before what is said. What may have come from a file or a prompt keeps its name.
 */
export function asTyped({ path, message }: FieldError, failed: Failed): FieldError {
  const [field = '', ...within] = path.split('.')
  const name = typedName(field, failed)
  if (name === undefined) return { path, message }
  // Of a list, each entry was typed by itself; within JSON it says where.
  const isEntry = within.length === 1 && /^\d+$/.test(within[0] ?? '')
  return { path: name, message: within.length === 0 || isEntry ? message : `${within.join('.')} ${message}` }
}

function typedName(field: string, { words, args }: Failed): string | undefined {
  const spec = commandSpecs.find((one) => one.words === words)
  if (spec?.args.includes(field) === true) return `<${field}>`
  const name = spec?.flags.find((flag) => flag.field === field)?.name
  if (name !== undefined && (isTyped(`--${name}`, args) || !isTyped('--input', args))) return `--${name}`
  const flag = `--${kebabCase(field)}`
  return isTyped(flag, args) ? flag : undefined
}

function isTyped(flag: string, args: readonly string[]): boolean {
  return args.some((arg) => arg === flag || arg.startsWith(`${flag}=`))
}

function kebabCase(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
