import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import envPaths from 'env-paths'
import { exitCodes } from './exit-codes.ts'
import { CommandFailure } from './failure.ts'

export type Values = Readonly<Record<string, string>>
/** What a file says. */
export type Configured = { readonly file: string; readonly values: Values }
export type UserFile = {
  readonly file: string
  /** What holds for all profiles: which one is used. */
  readonly top: Values
  readonly profiles: Readonly<Record<string, Values>>
}

const projectFile = 'casebook.json'

/** The folder of the user's own files. */
export function configFolder(env: NodeJS.ProcessEnv = process.env): string {
  const given = env['CASEBOOK_CONFIG_DIR']
  return given === undefined || given === '' ? envPaths('casebook', { suffix: '' }).config : given
}

/**
 * Reads the settings of a project: `casebook.json` of this folder, or of the nearest one above. It is shared, and
 * may come from others: it can name a server, a profile and a form of output, and nothing else. Throws CommandFailure.
 */
export function readProjectFile(folder: string): Configured | null {
  const file = join(folder, projectFile)
  if (!existsSync(file)) return dirname(folder) === folder ? null : readProjectFile(dirname(folder))
  return { file, values: textsOf(readJson(file), { file, allowed: ['url', 'profile', 'output'] }) }
}

/** Reads the user's settings of each profile. Throws CommandFailure. */
export function readUserFile(env: NodeJS.ProcessEnv = process.env): UserFile {
  const file = join(configFolder(env), 'config.json')
  if (!existsSync(file)) return { file, top: {}, profiles: {} }
  const { profiles = {}, ...top } = readJson(file)
  if (typeof profiles !== 'object' || profiles === null) throw unreadable(file, '«profiles» is no object')
  const allowed = ['url', 'output', 'store']
  return {
    file,
    top: textsOf(top, { file, allowed: ['profile'] }),
    profiles: Object.fromEntries(
      Object.entries(profiles).map(([name, values]) => [name, textsOf(values as object, { file, allowed })]),
    ),
  }
}

/** Writes the user's settings. */
export function writeUserFile({ file, top, profiles }: UserFile): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const temporary = `${file}.${process.pid}`
  writeFileSync(temporary, `${JSON.stringify({ ...top, profiles }, null, 2)}\n`, { mode: 0o600 })
  renameSync(temporary, file)
}

function readJson(file: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw unreadable(file, (cause as Error).message)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw unreadable(file, 'it holds no JSON object')
  return value as Record<string, unknown>
}

function textsOf(values: object, { file, allowed }: { file: string; allowed: readonly string[] }): Values {
  for (const [name, value] of Object.entries(values)) {
    if (!allowed.includes(name))
      throw unreadable(
        file,
        `«${name}» does not belong there, but only ${allowed.join(', ')}; credentials never do`,
      )
    if (typeof value !== 'string') throw unreadable(file, `«${name}» is no text`)
  }
  return values as Values
}

function unreadable(file: string, why: string): CommandFailure {
  return new CommandFailure(`${file} cannot be used: ${why}.`, exitCodes.usage, `mend ${file}`)
}
