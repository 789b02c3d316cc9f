import { createCasebookClient, type CasebookClient } from '@casebook/client'
import { findToken } from './credentials.ts'
import type { Gate } from './gate.ts'
import type { Settings } from './settings.ts'
import { version } from './version.ts'

/**
 * Makes a client for the settings, with the token of the environment or of the last login; null goes without. Its
 * answers go through the gate, where there is one.
 */
export function connect(
  settings: Settings,
  token: string | null = findToken(settings)?.value ?? null,
  { gate }: { readonly gate?: Gate } = {},
): CasebookClient {
  return createCasebookClient({
    url: settings.url,
    headers: { 'user-agent': `casebook-cli/${version}` },
    timeoutMs: 30_000,
    // A server that is down is to be named within seconds.
    retries: 1,
    ...(gate === undefined ? {} : { fetch: gate.through(globalThis.fetch) }),
    ...(token === null ? {} : { token }),
  })
}
