import { ask } from './ask.ts'
import { credentialsFile, type Store } from './credentials.ts'
import { exitCodes } from './exit-codes.ts'
import { CommandFailure } from './failure.ts'
import { hasKeyring } from './keyring.ts'
import type { StoreChoice } from './choices.ts'
import type { Settings } from './settings.ts'

/** Where a new token is kept: as was chosen, else in the keyring, else where somebody says now. Throws CommandFailure. */
export async function chooseStore(settings: Settings, told: StoreChoice | undefined): Promise<Store> {
  const chosen = told ?? settings.store
  if (chosen === 'file') return chosen
  if (await hasKeyring()) return 'keyring'
  if (chosen === 'auto') return 'file'
  if (chosen === null && settings.mayAsk) return askForFile()
  throw new CommandFailure(
    'This system has no keyring that is open.',
    exitCodes.usage,
    'casebook login --store file keeps the token in a file that you alone may read; so does CASEBOOK_STORE=file',
  )
}

async function askForFile(): Promise<Store> {
  process.stderr.write(
    `This system has no keyring that is open. A file could hold the token: ${credentialsFile()}\n`,
  )
  const answer = await ask('Keep it there, readable by you alone? Type «file» to do so')
  if (answer.trim() === 'file') return 'file'
  throw new CommandFailure('Cancelled: nobody was logged in.', exitCodes.cancelled)
}
