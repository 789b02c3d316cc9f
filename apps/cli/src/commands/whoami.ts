import { isCasebookError, type CasebookClient } from '@casebook/client'
import { findToken, type Token } from '../credentials.ts'
import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { printOne } from '../output/print.ts'
import { connect } from '../session.ts'
import type { Settings } from '../settings.ts'

/** `casebook whoami`: the account that the server knows the token by, and where the token comes from. */
export async function whoami(settings: Settings): Promise<void> {
  const token = await findToken(settings)
  if (token === null) {
    throw new CommandFailure(
      `You are not logged in at ${settings.url} (profile ${settings.profile}).`,
      exitCodes.credentials,
      'casebook login',
    )
  }
  const client = connect(settings, token.value)
  const user = await client.auth.me.query()
  const shown = {
    username: user.username,
    email: user.email,
    role: user.role,
    id: user.id,
    url: settings.url,
    profile: settings.profile,
    tokenSource: token.source,
    expiresAt: await expiryOf(client, token),
  }
  await printOne(shown, { output: settings.output, columns: Object.keys(shown) })
}

/** When the token ends: as was said at the login, else as the server says of the session; null where it does not, as of an API key. */
async function expiryOf(client: CasebookClient, { source, stored }: Token): Promise<string | null> {
  if (source !== 'CASEBOOK_TOKEN' && stored !== undefined && stored.expiresAt !== '') return stored.expiresAt
  try {
    const { items } = await client.auth.sessions.list.query({ limit: 1000 })
    return items.find(({ current }) => current)?.expiresAt ?? null
  } catch (error) {
    if (isCasebookError(error) && error.code === 'FORBIDDEN') return null
    throw error
  }
}
