import { readUserFile, writeUserFile, type UserFile, type Values } from '../config-files.ts'
import { keptLogins } from '../credentials.ts'
import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { printList, printOne } from '../output/print.ts'
import { outputFormats, settingNames, storeChoices, type SettingName } from '../choices.ts'
import { addressOf, oneOf, type Settings } from '../settings.ts'

type Row = { readonly setting: string; readonly value: string; readonly origin: string }

/** `casebook config list`: every setting as it holds now. */
export async function listConfig(
  { all, output }: Settings,
  { showOrigin }: { readonly showOrigin?: boolean },
): Promise<void> {
  const columns = showOrigin === true ? ['setting', 'value', 'origin'] : ['setting', 'value']
  const rows = settingNames.map((name) => rowOf(name, all))
  const shown = rows.map(({ origin, ...row }) => (showOrigin === true ? { ...row, origin } : row))
  await printList(each(shown), { output, columns })
}

/** `casebook config get`: the value alone, for scripts. */
export async function getConfig({ all, output }: Settings, typed: string): Promise<void> {
  const row = rowOf(nameOf(typed), all)
  if (output === 'table') process.stdout.write(`${row.value}\n`)
  else await printOne(row, { output, columns: ['setting', 'value', 'origin'] })
}

export type Setting = { readonly name: string; readonly value: string | undefined; readonly isPlan: boolean }

/** `casebook config set` and `unset`: writes to the user's file, for the profile in use. Throws CommandFailure. */
export function setConfig({ profile }: Settings, { name: typed, value, isPlan }: Setting): void {
  const name = nameOf(typed)
  const file = readUserFile()
  if (value !== undefined) assertTaken(name, value)
  const isOfAll = name === 'profile'
  const { [name]: _, ...others } = isOfAll ? file.top : (file.profiles[profile] ?? {})
  const values = value === undefined ? others : { ...others, [name]: value }
  if (!isPlan)
    writeUserFile(
      isOfAll ? { ...file, top: values } : { ...file, profiles: withProfile(file.profiles, profile, values) },
    )
  const done = isPlan ? 'Would' : 'Done:'
  const what = value === undefined ? `unset ${name}` : `set ${name} to «${value}»`
  const where = isOfAll ? 'for all' : `for profile ${profile}`
  process.stderr.write(`${done} ${what} ${where} in ${file.file}.\n`)
  if (isOfAll && value !== undefined && !profilesOf(file).includes(value))
    process.stderr.write(`Note: profile ${value} has neither settings nor a login so far.\n`)
}

/** `casebook config profiles`: those of the user's file, and those that are logged in. */
export async function listProfiles({ profile, output }: Settings): Promise<void> {
  const file = readUserFile()
  const names = [...new Set([...profilesOf(file), profile])].toSorted()
  const kept = keptLogins()
  const rows = names.map((name) => {
    const logins = kept.filter((one) => one.profile === name)
    const told = logins.map(({ username, url }) => `${username} at ${url}`)
    return { profile: name, inUse: name === profile, url: file.profiles[name]?.['url'] ?? null, logins: told }
  })
  await printList(each(rows), { output, columns: ['profile', 'inUse', 'url', 'logins'] })
}

function profilesOf({ profiles }: UserFile): string[] {
  return [...new Set([...Object.keys(profiles), ...keptLogins().map((one) => one.profile)])]
}

/** Leaves a profile out that says nothing any more. */
function withProfile(profiles: UserFile['profiles'], name: string, values: Values): UserFile['profiles'] {
  const { [name]: _, ...others } = profiles
  return Object.keys(values).length === 0 ? others : { ...others, [name]: values }
}

/** Throws CommandFailure for a value that would not be taken. */
function assertTaken(name: SettingName, value: string): void {
  if (name === 'output') oneOf(outputFormats, { value, origin: 'config set' }, name)
  else if (name === 'store') oneOf(storeChoices, { value, origin: 'config set' }, name)
  else if (name === 'url') addressOf({ value, origin: 'config set' })
  if (value === '')
    throw new CommandFailure(
      `There is no ${name} that is empty.`,
      exitCodes.usage,
      `casebook config unset ${name}`,
    )
}

function rowOf(name: SettingName, all: Settings['all']): Row {
  return { setting: name, ...all[name] }
}

function nameOf(typed: string): SettingName {
  const found = settingNames.find((name) => name === typed)
  if (found !== undefined) return found
  throw new CommandFailure(
    `There is no setting «${typed}», but ${settingNames.join(', ')}.`,
    exitCodes.usage,
    'casebook config list',
  )
}

async function* each<T>(list: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* list
}
