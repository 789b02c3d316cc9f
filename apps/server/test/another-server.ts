import { createDeps, createPasswords, createServices } from '@casebook/core'
import { openDatabase, readSecret } from '@casebook/db'
import { buildQuietApp } from './quiet-app.ts'
import { wideLimits, type TestServer } from './start-test-server.ts'

export type AnotherServer = AsyncDisposable & { readonly url: string }

/**
 * Starts another server of the same database, as another process would be: it shares nothing with the first but
 * the database, to which it has connections of its own. PGlite has one connection, which both then use.
 */
export async function startAnother(
  { database: first }: TestServer,
  { publicUrl = 'http://127.0.0.1' }: { publicUrl?: string } = {},
): Promise<AnotherServer> {
  const own = first.url === null ? null : await openDatabase({ databaseUrl: first.url, unsafe: true })
  const database = own ?? first
  const deps = createDeps({
    database,
    passwords: createPasswords({ processes: 0 }),
    publicUrl,
    cursorKey: await readSecret(database.kysely, 'cursor'),
    secretKey: new Uint8Array(32),
    demands: { mfa: false, verifiedEmail: false },
    sessions: { idleMinutes: 30, tokenMinutes: 720 },
    limits: wideLimits,
    catalogueBytes: 1024 * 1024,
  })
  const app = await buildQuietApp({
    publicUrl,
    sessions: deps.sessions,
    keys: deps.keys,
    servicesOf: (caller) => createServices(deps, caller),
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    url,
    async [Symbol.asyncDispose]() {
      await app.close()
      await own?.close()
    },
  }
}
