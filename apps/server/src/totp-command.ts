import { DomainError } from '@casebook/api'
import { removeFactor } from '@casebook/core'
import type { Database } from '@casebook/db'

/** Takes the second factor off an account, by its name or address; gives the line to print. Throws when there is none. */
export async function removeTotp(database: Database, login: string): Promise<string> {
  const known = await database.stores.users.findByLogin(login)
  if (known === null) throw new DomainError('not-found', { detail: `There is no account «${login}».` })
  const { user } = known
  await database.transaction(async (tx) => {
    if (!(await removeFactor(tx, user, 'operator'))) {
      throw new DomainError('totp-not-enrolled', {
        detail: `The account ${user.username} has no second factor.`,
      })
    }
    await tx.auditWriter.append({
      action: 'admin remove-totp',
      outcome: 'allowed',
      resource: user.id,
      address: 'command line',
      requestId: `command-${process.pid}`,
    })
  })
  return `Took the second factor off ${user.username}. The account logs in with its password alone until it enrols another.`
}
