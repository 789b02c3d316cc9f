import { exitCodes } from './exit-codes.ts'
import { CommandFailure } from './failure.ts'

/** Why somebody looks at who patients are, and whether tables are to show it. */
export type Look = { readonly isRevealed: boolean; readonly reason: string | undefined }

/** Fields by which a patient is known. */
export const identifying: readonly string[] = ['mrn', 'givenName', 'familyName', 'birthDate']

/** Reads `--reveal` and `--reason`. Throws CommandFailure for one without the other's word. */
export function readLook(flags: Readonly<Record<string, unknown>>): Look {
  const { reveal, reason } = flags
  const isRevealed = reveal === true
  const said = typeof reason === 'string' && reason.trim() !== '' ? reason.trim() : undefined
  if (isRevealed && said === undefined)
    throw new CommandFailure(
      '--reveal needs --reason: the audit trail keeps why you look.',
      exitCodes.usage,
      '--reveal --reason "call back about the appointment"',
    )
  return { isRevealed, reason: said }
}

/** Gives an object without what tells who a patient is; what is not there stays away. */
export function masked(value: object, fields: readonly string[]): object {
  return Object.fromEntries(
    Object.entries(value).map(([field, content]) => [
      field,
      fields.includes(field) && content !== null && content !== undefined ? '•••••' : (content as unknown),
    ]),
  )
}
