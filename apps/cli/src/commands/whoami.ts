import { findToken } from '../credentials.ts'
import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { printOne } from '../output/print.ts'
import { connect } from '../session.ts'
import type { Settings } from '../settings.ts'

/** `casebook whoami`: the account that the server knows the token by, and where the token comes from. */
export async function whoami(settings: Settings): Promise<void> {
  const token = findToken(settings)
  if (token === null) {
    throw new CommandFailure(
      `You are not logged in at ${settings.url}.`,
      exitCodes.credentials,
      'casebook login',
    )
  }
  const user = await connect(settings, token.value).auth.me.query()
  const shown = {
    username: user.username,
    email: user.email,
    role: user.role,
    id: user.id,
    url: settings.url,
    profile: settings.profile,
    tokenSource: token.source,
    ...(token.stored === undefined || token.stored.expiresAt === ''
      ? {}
      : { expiresAt: token.stored.expiresAt }),
  }
  await printOne(shown, { output: settings.output, columns: Object.keys(shown) })
}
