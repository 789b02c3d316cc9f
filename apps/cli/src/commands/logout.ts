import { isCasebookError } from '@casebook/client'
import { findToken, forgetToken } from '../credentials.ts'
import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { connect } from '../session.ts'
import type { Settings } from '../settings.ts'

/** `casebook logout`: ends the session on the server, and forgets its token even when it had ended already. */
export async function logout(settings: Settings): Promise<void> {
  const token = findToken(settings)
  if (token === null)
    throw new CommandFailure(`You are not logged in at ${settings.url}.`, exitCodes.credentials)
  await connect(settings, token.value)
    .auth.logout.mutate()
    .catch((error: unknown) => {
      if (!isCasebookError(error)) throw error
      // An API key has no session to end; it is forgotten here, and lives on.
      if (error.reason !== 'key-refused' && error.code !== 'UNAUTHORIZED') throw error
    })
  if (token.source === 'file') forgetToken(settings)
  const done = { message: 'Logged out.', url: settings.url, profile: settings.profile }
  process.stdout.write(
    settings.output === 'table' ? `Logged out of ${settings.url}.\n` : `${JSON.stringify(done)}\n`,
  )
}
