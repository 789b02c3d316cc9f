import type { CasebookClient } from '@casebook/client'
import { exitCodes } from './exit-codes.ts'
import { CommandFailure } from './failure.ts'

/** Gives the id of an account that is named by its id or user name. Throws CommandFailure when there is none. */
export async function findAccount(client: CasebookClient, who: string): Promise<string> {
  if (who.startsWith('user_')) return who
  const { items } = await client.auth.users.list.query({ q: who, limit: 1000 })
  const found = items.find(({ username }) => username.toLowerCase() === who.toLowerCase())
  if (found === undefined)
    throw new CommandFailure(
      `There is no account called «${who}».`,
      exitCodes.notFound,
      `casebook users list --q ${who}`,
    )
  return found.id
}
