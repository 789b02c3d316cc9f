import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@casebook/api'
import { createSecretBox } from '@casebook/core'
import { openTestDatabase, type TestDatabase } from '@casebook/db/testing'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readSettings } from '../src/env.ts'
import { prepareDatabase } from '../src/prepare.ts'
import { readSecretKey } from '../src/secret-key.ts'
import { removeTotp } from '../src/totp-command.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'casebook-key-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const ownDatabase = { DATABASE_URL: 'postgres://db.example/casebook' }
const oneKey = Buffer.alloc(32, 1).toString('base64')
const keyFor = (env: Record<string, string>) => readSecretKey(readSettings(env))
const prepare = (database: TestDatabase, env: Record<string, string>) =>
  prepareDatabase(database, {
    settings: readSettings({ ...ownDatabase, ...env }),
    sample: false,
    migrate: true,
  })

/** Adds an account with a confirmed factor that the key of 32 ones seals. */
async function addFactor(database: TestDatabase): Promise<void> {
  const id = newId('user')
  const account = {
    id,
    username: 'sealed',
    email: 'sealed@example.com',
    role: 'reader',
    passwordHash: '',
  } as const
  await database.transaction(async (tx) => {
    await tx.userWriter.insert(account)
    const secret = createSecretBox(Buffer.alloc(32, 1)).seal('JBSWY3DP', 'test')
    await tx.secondFactors.begin(id, secret)
    await tx.secondFactors.confirm(id, { secret, step: 1 })
  })
}

describe('the key that seals second factors', () => {
  test('is the one of the settings, in either alphabet of base64', async () => {
    const key = Buffer.alloc(32, 0xfb)
    for (const alphabet of ['base64', 'base64url'] as const)
      expect(await keyFor({ ...ownDatabase, SECRET_KEY: key.toString(alphabet) })).toEqual(key)
    for (const SECRET_KEY of ['short', oneKey.slice(4), `${oneKey}AAAA`, 'x'.repeat(43) + '!'])
      expect(() => readSettings({ SECRET_KEY }), SECRET_KEY).toThrow(/SECRET_KEY: must be 32 random bytes/)
  })

  test('is made once beside the embedded database, for the server’s account alone', async () => {
    const keys = await Promise.all([1, 2, 3, 4].map(() => keyFor({ DATA_DIR: folder })))
    keys.push(await keyFor({ DATA_DIR: folder }))
    expect(new Set(keys.map((key) => key?.toString())).size).toBe(1)
    expect(keys[0]).toHaveLength(32)
    const file = join(folder, 'secret-key')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(Buffer.from(readFileSync(file, 'utf8'), 'base64')).toEqual(Buffer.from(keys[0] ?? []))
    writeFileSync(file, 'no key\n')
    await expect(keyFor({ DATA_DIR: folder })).rejects.toThrow(/secret-key does not hold 32 bytes/)
  })

  test('is none with a database of one’s own and no setting', async () => {
    expect(await keyFor(ownDatabase)).toBeNull()
    await using database = await openTestDatabase()
    await expect(prepare(database, { REQUIRE_MFA: 'true' })).rejects.toThrow(
      /^SECRET_KEY: REQUIRE_MFA needs it/,
    )
    await prepare(database, { REQUIRE_MFA: 'true', SECRET_KEY: oneKey })
  })

  test('must be the one that sealed what there is; an operator can take factors off when it is lost', async () => {
    await using database = await openTestDatabase()
    await addFactor(database)
    await prepare(database, { SECRET_KEY: oneKey })
    const other = Buffer.alloc(32, 2).toString('base64')
    for (const env of [{}, { SECRET_KEY: other }])
      await expect(prepare(database, env)).rejects.toThrow(
        /seals the second factors of 1 account: set that one/,
      )
    await expect(removeTotp(database, 'nobody')).rejects.toThrow(/There is no account «nobody»/)
    expect(await removeTotp(database, 'SEALED@example.com')).toContain('sealed')
    await expect(removeTotp(database, 'sealed')).rejects.toThrow(/has no second factor/)
    await prepare(database, {})
    const { rows } = await sql`select action, outcome from audit_entry`.execute(database.kysely)
    expect(rows).toEqual([{ action: 'admin remove-totp', outcome: 'allowed' }])
    const mails = await database.kysely.selectFrom('mail').select(['recipient', 'subject']).execute()
    expect(mails).toEqual([
      { recipient: 'sealed@example.com', subject: 'Your Casebook account has no second factor any more' },
    ])
  })
})
