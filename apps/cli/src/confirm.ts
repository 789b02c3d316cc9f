import { ask } from './ask.ts'
import { exitCodes } from './exit-codes.ts'
import { CommandFailure } from './failure.ts'
import type { Settings } from './settings.ts'
import { typedAgain } from './typed-line.ts'

/** Throws CommandFailure where nobody can be asked, and nobody has said yes beforehand. */
export function assertConfirmable({ mayAsk, url, profile }: Settings, isSure: boolean, words: string): void {
  if (isSure || mayAsk) return
  throw new CommandFailure(
    `${words} at ${url} (profile ${profile}) is not undone, and there is no terminal to ask at: it needs --yes.`,
    exitCodes.usage,
    `${typedAgain('--dry-run')} shows what it would do, ${typedAgain('--yes')} does it`,
  )
}

/**
 * Asks for the name, or the id, of what a command takes away. Anything else, and nothing, is no. Throws
 * CommandFailure.
 */
export async function confirm(
  { url, profile }: Settings,
  { command, name, id }: { command: string; name: string | undefined; id: string | undefined },
): Promise<void> {
  const wanted = name ?? id ?? profile
  const what = [...new Set([name, id].filter((one) => one !== undefined))].join(', ')
  process.stderr.write(
    `casebook ${command}${what === '' ? '' : ` of ${what}`}, at ${url} (profile ${profile}).\n`,
  )
  const typed = await ask(`Type «${wanted}» to go on`)
  if (typed.trim() === wanted || (id !== undefined && typed.trim() === id)) return
  throw new CommandFailure('Cancelled: nothing was changed.', exitCodes.cancelled)
}
