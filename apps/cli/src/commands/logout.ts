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
  const isOfVariable = token.source === 'CASEBOOK_TOKEN'
  await connect(settings, token.value)
    .auth.logout.mutate()
    .catch((error: unknown) => {
      if (!isCasebookError(error)) throw error
      if (error.reason === 'key-refused') return endedByRevoking(isOfVariable)
      // A session that had ended already is forgotten all the same; what the environment holds cannot be.
      if (isOfVariable || error.code !== 'UNAUTHORIZED') throw error
    })
  if (!isOfVariable) await forgetToken(settings)
  if (settings.output === 'table') process.stdout.write(`Logged out of ${settings.url}.\n`)
  else {
    const done = { message: 'Logged out.', url: settings.url, profile: settings.profile }
    await printOne(done, { output: settings.output, columns: Object.keys(done) })
  }
  if (isOfVariable)
    process.stderr.write('The session of CASEBOOK_TOKEN has ended: unset it. A login that is kept stays.\n')
}

/** An API key has no session that could end. Throws CommandFailure where it cannot be forgotten, either. */
function endedByRevoking(isOfVariable: boolean): void {
  if (isOfVariable)
    throw new CommandFailure(
      'CASEBOOK_TOKEN holds an API key, which has no session to end: nothing was changed.',
      exitCodes.credentials,
      'unset CASEBOOK_TOKEN; who made the key ends it: casebook keys revoke ID',
    )
  process.stderr.write('The API key is forgotten here, and lives on: casebook keys revoke ID ends it.\n')
}
