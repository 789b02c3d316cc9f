import { randomBytes, randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createSecretBox } from '@casebook/core'
import type { Database } from '@casebook/db'
import { SettingsError, type Settings } from './env.ts'

/**
 * Gives the key that seals second factors: that of the settings; with the embedded database, which is as private
 * as its folder, else a file beside it, made when there is none; with another database none. Throws SettingsError.
 */
export async function readSecretKey({
  secretKey,
  databaseUrl,
  dataDir,
}: Settings): Promise<Uint8Array | null> {
  if (secretKey !== null || databaseUrl !== null) return secretKey
  const file = join(dataDir, 'secret-key')
  const text = (await readIfThere(file)) ?? (await makeKey(dataDir, file))
  const key = Buffer.from(text, 'base64')
  if (key.length !== 32)
    throw new SettingsError(`SECRET_KEY: the file ${file} does not hold 32 bytes in base64.`)
  return key
}

/** Refuses to serve where second factors are demanded or kept and their key is not there. Throws SettingsError. */
export async function assertSecretKeyFits(database: Database, settings: Settings): Promise<void> {
  const key = await readSecretKey(settings)
  const advice = 'set it to what «openssl rand -base64 32» prints, the same in every process'
  if (key === null && settings.demands.mfa)
    throw new SettingsError(`SECRET_KEY: REQUIRE_MFA needs it: ${advice}.`)
  const keyName = key === null ? '' : createSecretBox(key).keyName
  const count = await database.stores.secondFactors.countSealedOtherwise(keyName)
  if (count === 0) return
  throw new SettingsError(
    `SECRET_KEY: it is not the one that seals the second factors of ${count} ${count === 1 ? 'account' : 'accounts'}: set that one. If it is lost, take each factor off by «casebook-server admin remove-totp --username NAME».`,
  )
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** Makes the file whole or not at all; of several processes that do so at once, the first one's key counts. */
async function makeKey(folder: string, file: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  const temporary = `${file}.${randomUUID()}`
  await writeFile(temporary, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 })
  try {
    await link(temporary, file)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    await rm(temporary)
  }
  return readFile(file, 'utf8')
}
