import { readUserFile, writeUserFile } from '../config-files.ts'
import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { printList, printOne } from '../output/print.ts'
import { settingNames, type SettingName } from '../choices.ts'
import { readSettings, type Settings } from '../settings.ts'

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

/** `casebook config set`: writes to the user's file, for the profile in use. Throws CommandFailure. */
export function setConfig(
  { profile }: Settings,
  { name: typed, value, isPlan }: { name: string; value: string; isPlan: boolean },
): void {
  const name = nameOf(typed)
  // What would not be taken is not written.
  readSettings(
    {},
    { CASEBOOK_CONFIG_DIR: process.env['CASEBOOK_CONFIG_DIR'], [`CASEBOOK_${name.toUpperCase()}`]: value },
  )
  const file = readUserFile()
  const where = name === 'profile' ? 'for all' : `of profile ${profile}`
  process.stderr.write(`${isPlan ? 'Would set' : 'Set'} ${name} ${where} to «${value}» in ${file.file}.\n`)
  if (isPlan) return
  const ofProfile = { ...file.profiles[profile], [name]: value }
  writeUserFile(
    name === 'profile'
      ? { ...file, top: { ...file.top, profile: value } }
      : { ...file, profiles: { ...file.profiles, [profile]: ofProfile } },
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
