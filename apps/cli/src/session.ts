import { createCasebookClient, type CasebookClient } from '@casebook/client'
import { findToken } from './credentials.ts'
import { exitCodes } from './exit-codes.ts'
import { CommandFailure } from './failure.ts'
import type { Gate } from './gate.ts'
import { createReachingFetch } from './reach.ts'
import type { Settings } from './settings.ts'
import { version } from './version.ts'

/**
 * Makes a client for the settings, with the token of the environment or of the last login; null goes without. The
 * audit trail keeps the reason, and answers go through the gate, where there is one.
 */
export function connect(
  settings: Settings,
  token?: string | null,
  { reason, gate }: { readonly reason?: string | undefined; readonly gate?: Gate } = {},
): CasebookClient {
  let found: Promise<string | undefined> | undefined
  const reach = createReachingFetch()
  return createCasebookClient({
    url: settings.url,
    headers: {
      'user-agent': `casebook-cli/${version}`,
      ...(reason === undefined ? {} : { 'x-casebook-reason': encodeURIComponent(reason) }),
    },
    timeoutMs: 30_000,
    // A server that is down is to be named within seconds.
    retries: 1,
    fetch: gate === undefined ? reach : gate.through(reach),
    token: () => (token === undefined ? (found ??= usualToken(settings)) : (token ?? undefined)),
  })
}

/** The token that calls are made with when none is given; says so when the environment's goes before a login. */
async function usualToken(settings: Settings): Promise<string | undefined> {
  const token = await findToken(settings)
  if (token?.source !== 'CASEBOOK_TOKEN') return token?.value
  const { origin } = settings.all.url
  if (origin.endsWith('casebook.json')) {
    throw new CommandFailure(
      `CASEBOOK_TOKEN is set, but the server is one that ${origin} names: it is not sent there unasked.`,
      exitCodes.usage,
      `CASEBOOK_URL=${settings.url} says that the token is for this server`,
    )
  }
  if (token.stored !== undefined)
    process.stderr.write(
      `Note: CASEBOOK_TOKEN is used, and not the login of ${token.stored.username} (profile ${settings.profile}).\n`,
    )
  return token.value
}
