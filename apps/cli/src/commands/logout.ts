import { isCasebookError } from '@casebook/client'
import { findToken, forgetToken } from '../credentials.ts'
import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { printOne } from '../output/print.ts'
import { showPlan } from '../plan.ts'
import { connect } from '../session.ts'
import type { Settings } from '../settings.ts'

/** `casebook logout`: ends the session on the server, and forgets its token even when it had ended already. */
export async function logout(settings: Settings, flags: { readonly dryRun?: boolean }): Promise<void> {
  const token = await findToken(settings)
  if (token === null)
    throw new CommandFailure(
      `You are not logged in at ${settings.url} (profile ${settings.profile}).`,
      exitCodes.credentials,
      'casebook login',
    )
  if (flags.dryRun === true) {
    const present = { username: token.stored?.username, tokenSource: token.source }
    return showPlan(settings, { procedure: 'auth.logout', input: {}, present })
  }
  await connect(settings, token.value)
    .auth.logout.mutate()
    .catch((error: unknown) => {
      if (!isCasebookError(error)) throw error
      // An API key has no session to end; it is forgotten here, and lives on.
      if (error.reason !== 'key-refused' && error.code !== 'UNAUTHORIZED') throw error
    })
  if (token.source !== 'CASEBOOK_TOKEN') await forgetToken(settings)
  if (settings.output === 'table') process.stdout.write(`Logged out of ${settings.url}.\n`)
  else {
    const done = { message: 'Logged out.', url: settings.url, profile: settings.profile }
    await printOne(done, { output: settings.output, columns: Object.keys(done) })
  }
}
