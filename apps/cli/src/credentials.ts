import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { configFolder } from './config-files.ts'
import { exitCodes } from './exit-codes.ts'
import { CommandFailure } from './failure.ts'
import { readSecret, removeSecret, writeSecret } from './keyring.ts'
import { nonEmpty, type Settings } from './settings.ts'

/** Where a token is kept. */
export type Store = 'keyring' | 'file'
/** What is kept of a login besides its token. */
type Kept = { readonly username: string; readonly expiresAt: string }
export type Stored = Kept & { readonly token: string }
/** A login in the file: with its token, unless that is in the keyring. */
type Entry = Kept & ({ readonly token: string } | { readonly store: 'keyring' })

export type Token = {
  readonly value: string
  readonly source: 'CASEBOOK_TOKEN' | Store
  /** The login that was kept, which the environment goes before. */
  readonly stored?: Kept
}

/** Where logins are kept: a file that only its owner may read, in a folder that only its owner may enter. */
export function credentialsFile(): string {
  return join(configFolder(), 'credentials.json')
}

/** Gives the token for a server and profile: the environment's before a login's. */
export async function findToken(
  settings: Settings,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Token | null> {
  const given = nonEmpty(env['CASEBOOK_TOKEN']?.trim())
  if (given !== undefined) assertToken(given, 'CASEBOOK_TOKEN')
  const entry = readAll()[keyOf(settings)]
  if (given !== undefined)
    return { value: given, source: 'CASEBOOK_TOKEN', ...(entry === undefined ? {} : { stored: entry }) }
  if (entry === undefined) return null
  if ('token' in entry) return { value: entry.token, source: 'file', stored: entry }
  const value = await readSecret(keyOf(settings))
  return value === null ? null : { value, source: 'keyring', stored: entry }
}

/** The logins that are kept, whether they are still good or not. */
export function keptLogins(): {
  readonly profile: string
  readonly url: string
  readonly username: string
}[] {
  return Object.entries(readAll()).map(([key, { username }]) => {
    const place = key.lastIndexOf(' ')
    return { profile: key.slice(0, place), url: key.slice(place + 1), username }
  })
}

/** Throws CommandFailure for what no header takes, without saying what it is. */
export function assertToken(token: string, origin: string): void {
  if (/^[\x21-\x7e]+$/.test(token)) return
  throw new CommandFailure(
    `${origin} holds no token: there are blanks, line breaks or letters in it that no token has.`,
    exitCodes.credentials,
    'casebook login makes one; casebook keys create makes one for scripts',
  )
}

/** Keeps a login for a server and profile; says where. */
export async function storeToken(settings: Settings, stored: Stored, store: Store): Promise<string> {
  // A keyring that has been closed since then keeps what nobody reads any more.
  if (store === 'file') await forgetToken(settings).catch(() => undefined)
  const { token, ...kept } = stored
  if (store === 'keyring') await writeSecret(keyOf(settings), token)
  const entry: Entry = store === 'keyring' ? { ...kept, store } : stored
  const file = writeAll({ ...readAll(), [keyOf(settings)]: entry })
  return store === 'keyring' ? 'the keyring of this system' : file
}

/** Forgets the login of a server and profile. */
export async function forgetToken(settings: Settings): Promise<void> {
  const { [keyOf(settings)]: entry, ...others } = readAll()
  if (entry === undefined) return
  if ('store' in entry) await removeSecret(keyOf(settings))
  writeAll(others)
}

function keyOf({ url, profile }: Settings): string {
  return `${profile} ${url}`
}

function readAll(): Record<string, Entry> {
  const file = credentialsFile()
  if (!existsSync(file)) return {}
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Entry>
  } catch (cause) {
    throw new CommandFailure(
      `${file} cannot be used: ${(cause as Error).message}`,
      exitCodes.failure,
      `rm ${file}, and then casebook login`,
    )
  }
}

function writeAll(all: Record<string, Entry>): string {
  const file = credentialsFile()
  const folder = join(file, '..')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  const temporary = `${file}.${process.pid}`
  writeFileSync(temporary, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 })
  renameSync(temporary, file)
  return file
}
