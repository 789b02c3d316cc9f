import type { fieldErrorsOf as FieldErrorsOf } from '@casebook/api/field-messages'
import { CasebookError } from '@casebook/client'
import type { Input } from './input.ts'
import type { CommandSpec } from './spec.ts'

type Schema = {
  safeParse(input: unknown): {
    readonly success: boolean
    readonly error?: Parameters<typeof FieldErrorsOf>[0]
  }
}

/**
 * Checks by the contract's own schema what a call would be refused for; secrets, which are not asked for beforehand,
 * are left out. Loads the contract, which only dry runs need. Throws CasebookError as the server would.
 */
export async function checkInput({ procedure, secrets }: CommandSpec, input: Input): Promise<void> {
  const [{ appRouter }, { fieldErrorsOf }] = await Promise.all([
    import('@casebook/api'),
    import('@casebook/api/field-messages'),
  ])
  const procedures = appRouter._def.procedures as unknown as Readonly<
    Record<string, { readonly _def: { readonly inputs: readonly Schema[] } }>
  >
  const [schema] = procedures[procedure]?._def.inputs ?? []
  const { error } = schema?.safeParse(input) ?? {}
  const unknown = new Set(secrets.map(({ field }) => field))
  const all = error === undefined ? [] : fieldErrorsOf(error)
  const errors = all.filter(({ path }) => !unknown.has(path.split('.')[0] ?? ''))
  const [first, ...others] = errors
  if (first === undefined) return
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  const message = `${first.path}: ${first.message}${more}`
  throw new CasebookError({ code: 'BAD_REQUEST', reason: 'invalid-input', message, errors })
}
