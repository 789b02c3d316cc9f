import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { printOne } from '../output/print.ts'
import { connect } from '../session.ts'
import type { Settings } from '../settings.ts'

/** `casebook audit verify`: what the server found of the chain; ends with 1 when it is broken, saying where. */
export async function verify(settings: Settings, { head }: { readonly head?: string }): Promise<void> {
  const found = await connect(settings).audit.verify.query(head === undefined ? {} : { head })
  const columns = ['ok', 'sealed', 'pending', 'head', 'problems']
  const shown = settings.output === 'table' ? { ...found, problems: found.problems.length } : found
  await printOne(shown, { output: settings.output, columns })
  if (found.ok) return
  const lines = found.problems.map(
    ({ id, kind, message }) => `  ${kind}: ${message}${id === undefined ? '' : ` (${id})`}`,
  )
  throw new CommandFailure(
    ['The audit trail was tampered with:', ...lines].join('\n'),
    exitCodes.failure,
    'keep a copy of the database as it is, and compare it with a backup',
  )
}
