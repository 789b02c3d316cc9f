import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { ask } from '../ask.ts'
import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import type { Settings } from '../settings.ts'
import { readLines } from '../stdin.ts'
import type { CommandSpec, FlagSpec } from './spec.ts'

/** What was typed after the words of a command; flags by their camel-case names, as commander gives them. */
export type Typed = {
  readonly args: readonly string[]
  readonly flags: Readonly<Record<string, unknown>>
}

export type Input = Readonly<Record<string, unknown>>

/**
 * Puts together what a procedure takes, but for its secrets: what the command says by its name, before flags and
 * arguments, before the file of `--input`. What may be in it the server judges. Throws CommandFailure.
 */
export async function inputOf(spec: CommandSpec, typed: Typed): Promise<Input> {
  const file = await readInput(typed.flags['input'])
  const args = spec.args.map((field, place) => [field, typed.args[place]] as const)
  const flags = spec.flags.flatMap((flag) => {
    const value = typed.flags[camelCase(flag.name)]
    if (value === 'null' && flag.nullable !== true && flag.type === 'text' && takesAway(spec))
      throw stays(flag)
    return value === undefined ? [] : [[flag.field, valueOf(flag, value)] as const]
  })
  const input: Input = { ...file, ...Object.fromEntries([...args, ...flags]), ...spec.fixed }
  assertWhole(spec, input)
  return input
}

/** Tells whether `null` means something to the flags of a command. */
function takesAway({ flags }: CommandSpec): boolean {
  return flags.some(({ nullable }) => nullable === true)
}

function stays({ name, field }: FlagSpec): CommandFailure {
  return new CommandFailure(
    `--${name} cannot be taken away.`,
    exitCodes.usage,
    `to make it the text «null»: echo '{"${field}": "null"}' | casebook … --input -`,
  )
}

/** Adds secrets, from a prompt or a line each of standard input. Throws CommandFailure. */
export async function withSecrets(
  settings: Settings,
  spec: CommandSpec,
  { input, fromStdin }: { input: Input; fromStdin: boolean },
): Promise<Input> {
  const missing = spec.secrets.filter(({ field }) => !(field in input))
  if (missing.length === 0) return input
  if (fromStdin) {
    const lines = await readLines()
    const given = missing.flatMap(({ field }, place) =>
      lines[place] === undefined ? [] : [[field, lines[place]] as const],
    )
    return { ...input, ...Object.fromEntries(given) }
  }
  const needed = missing.filter(({ required }) => required)
  if (needed.length > 0 && !settings.mayAsk) {
    throw new CommandFailure(
      `There is no terminal to ask at for ${needed.map(({ label }) => label).join(' and ')}.`,
      exitCodes.usage,
      `casebook ${spec.words} --secrets-stdin < FILE, with a line each`,
    )
  }
  const asked: Record<string, string> = {}
  for (const { field, label } of needed) asked[field] = await ask(label, { isSecret: true })
  return { ...input, ...asked }
}

async function readInput(file: unknown): Promise<Input> {
  if (typeof file !== 'string') return {}
  const content = file === '-' ? await text(process.stdin) : readFile(file)
  const value = parseJson(content, file === '-' ? 'Standard input' : file)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new CommandFailure('--input must hold one JSON object.', exitCodes.usage)
  return value as Input
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new CommandFailure(`${file} cannot be read: ${(cause as Error).message}`, exitCodes.usage)
  }
}

function parseJson(content: string, what: string): unknown {
  try {
    return JSON.parse(content)
  } catch (cause) {
    throw new CommandFailure(`${what} is no JSON: ${(cause as Error).message}`, exitCodes.usage)
  }
}

function valueOf(flag: FlagSpec, value: unknown): unknown {
  if (Array.isArray(value)) return value
  if (typeof value !== 'string') return value
  if (flag.nullable === true && value === 'null') return null
  switch (flag.type) {
    case 'integer':
      if (/^-?\d{1,10}$/.test(value)) return Number(value)
      throw new CommandFailure(`--${flag.name} must be a whole number, not «${value}».`, exitCodes.usage)
    case 'boolean':
      return value === 'true'
    case 'json':
      return parseJson(value, `--${flag.name}`)
    case 'text':
    case 'list':
      return value
  }
}

/** Throws CommandFailure that names every flag that is missing. */
function assertWhole(spec: CommandSpec, input: Input): void {
  const missing = spec.flags
    .filter((flag) => flag.required === true && !(flag.field in input))
    .map((flag) => `--${flag.name}`)
  if (missing.length > 0)
    throw new CommandFailure(
      `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing.`,
      exitCodes.usage,
      `casebook ${spec.words} --help`,
    )
}

export function camelCase(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}
