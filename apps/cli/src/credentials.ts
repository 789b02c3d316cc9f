import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import envPaths from 'env-paths'
import { nonEmpty, type Settings } from './settings.ts'

export type Stored = { readonly token: string; readonly username: string; readonly expiresAt: string }
export type Token = {
  readonly value: string
  readonly source: 'CASEBOOK_TOKEN' | 'file'
  readonly stored?: Stored
}

/** Where tokens are kept: a file that only its owner may read, in a folder that only its owner may enter. */
export function credentialsFile(env: NodeJS.ProcessEnv = process.env): string {
  return join(
    nonEmpty(env['CASEBOOK_CONFIG_DIR']) ?? envPaths('casebook', { suffix: '' }).config,
    'credentials.json',
  )
}

/** Gives the token for a server and profile: the environment's before a login's. */
export function findToken(settings: Settings, env: NodeJS.ProcessEnv = process.env): Token | null {
  const given = nonEmpty(env['CASEBOOK_TOKEN'])
  if (given !== undefined) return { value: given, source: 'CASEBOOK_TOKEN' }
  const stored = readAll()[keyOf(settings)]
  return stored === undefined ? null : { value: stored.token, source: 'file', stored }
}

/** Keeps a login for a server and profile; gives the file's name. */
export function storeToken(settings: Settings, stored: Stored): string {
  return writeAll({ ...readAll(), [keyOf(settings)]: stored })
}

/** Forgets the login of a server and profile. */
export function forgetToken(settings: Settings): void {
  const { [keyOf(settings)]: _, ...others } = readAll()
  writeAll(others)
}

function keyOf({ url, profile }: Settings): string {
  return `${profile} ${url}`
}

function readAll(): Record<string, Stored> {
  const file = credentialsFile()
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Stored>) : {}
}

function writeAll(all: Record<string, Stored>): string {
  const file = credentialsFile()
  const folder = join(file, '..')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  const temporary = `${file}.${process.pid}`
  writeFileSync(temporary, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 })
  renameSync(temporary, file)
  return file
}
