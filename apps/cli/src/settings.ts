import {
  outputFormats,
  storeChoices,
  type GlobalFlags,
  type OutputFormat,
  type SettingName,
  type StoreChoice,
} from './choices.ts'
import { exitCodes } from './exit-codes.ts'
import { CommandFailure } from './failure.ts'
import { readProjectFile, readUserFile, type Configured } from './config-files.ts'

/** A value, and what it comes from: a flag, a variable of the environment, a file, or nothing of these. */
export type Setting = { readonly value: string; readonly origin: string }

export type Settings = {
  readonly url: string
  readonly profile: string
  readonly output: OutputFormat
  /** Where new tokens are kept; null until somebody has chosen, when there is no keyring. */
  readonly store: StoreChoice | null
  readonly mayAsk: boolean
  readonly debug: boolean
  readonly all: Readonly<Record<SettingName, Setting>>
}

const defaults: Readonly<Record<SettingName, string>> = {
  url: 'http://127.0.0.1:3000',
  profile: 'default',
  output: 'table',
  store: '',
}

/** Puts flags before the environment, before the project's file, before the user's, before defaults. Throws CommandFailure. */
export function readSettings(flags: GlobalFlags, env: NodeJS.ProcessEnv): Settings {
  const project = readProjectFile(process.cwd())
  const user = readUserFile(env)
  if (flags.json === true && flags.output !== undefined && flags.output !== 'json')
    throw new CommandFailure(
      `--json and --output ${flags.output} ask for two forms of output.`,
      exitCodes.usage,
      'give one of them',
    )
  const output = flags.json === true ? 'json' : flags.output
  const find = (name: SettingName, flag: string | undefined, profile: Configured | null): Setting => {
    const variable = `CASEBOOK_${name.toUpperCase()}`
    const candidates: readonly (readonly [value: string | undefined, origin: string])[] = [
      [flag, `--${name}`],
      [nonEmpty(env[variable]), variable],
      [project?.values[name], project?.file ?? ''],
      [profile?.values[name], profile?.file ?? ''],
    ]
    const usual =
      name === 'store' ? (nonEmpty(env['CASEBOOK_DEFAULT_STORE']) ?? defaults.store) : defaults[name]
    const [value, origin] = candidates.find(([one]) => one !== undefined) ?? [usual, 'default']
    return { value: value ?? '', origin }
  }
  const profile = find('profile', flags.profile, { file: user.file, values: user.top })
  const ofProfile = { file: user.file, values: user.profiles[profile.value] ?? {} }
  const all = {
    profile,
    url: find('url', flags.url, ofProfile),
    output: find('output', output, ofProfile),
    store: find('store', undefined, ofProfile),
  }
  return {
    url: addressOf(all.url),
    profile: profile.value,
    output: oneOf(outputFormats, all.output, 'output') ?? 'table',
    store: oneOf(storeChoices, all.store, 'store'),
    mayAsk: flags.input !== false && process.stdin.isTTY && process.stderr.isTTY,
    debug: flags.debug === true,
    all,
  }
}

export function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}

/** Gives the address of a server without a slash at its end. Throws CommandFailure for what is none. */
export function addressOf({ value, origin }: Setting): string {
  const url = value.replace(/\/+$/, '')
  const parsed = /^https?:\/\/[^/]+/.test(url) ? URL.parse(url) : null
  if (parsed !== null && parsed.username + parsed.password !== '')
    throw new CommandFailure(
      `The address of the server (${origin}) has a user name or password in it, which others may read.`,
      exitCodes.usage,
      'leave it out: casebook login asks for the password',
    )
  if (parsed !== null && parsed.search + parsed.hash === '') return url
  throw new CommandFailure(
    `«${url}» is no address of a server (${origin}).`,
    exitCodes.usage,
    `Give one such as ${/^[\w.-]+(:\d+)?$/.test(url) ? `http://${url}` : defaults.url}`,
  )
}

/** Gives a value that is one of those that there are; null for an empty one. Throws CommandFailure. */
export function oneOf<T extends string>(
  all: readonly T[],
  { value, origin }: Setting,
  name: string,
): T | null {
  const found = all.find((one) => one === value)
  if (found !== undefined) return found
  if (value === '') return null
  throw new CommandFailure(
    `There is no ${name} «${value}» (${origin}).`,
    exitCodes.usage,
    `Use one of ${all.join(', ')}.`,
  )
}
