import { appRouter, type Meta } from '@casebook/api'

/** An example of the contract. */
export type ContractExample = {
  readonly procedure: string
  readonly type: 'query' | 'mutation'
  readonly summary: string
  readonly input: unknown
  /** The sample account that runs it. */
  readonly actor: 'admin' | 'reader'
}

/** Acts after which little else would work, in the order in which they may be done. */
const last = [
  'books.delete',
  'books.authors.delete',
  'auth.sessions.revoke',
  'auth.sessions.revokeOthers',
  'auth.logout',
  'auth.sessions.revokeAll',
  'auth.changePassword',
  'auth.resetPassword',
  'auth.requestPasswordReset',
]

/** What takes a code of the moment, or stands in the way of the next login: second-factor-removal.test.ts runs them. */
const withCodes = [
  'auth.totp.confirm',
  'auth.totp.renewRecoveryCodes',
  'auth.totp.disable',
  'auth.users.removeTotp',
]

/** Every example of the contract, in an order in which each finds what it speaks of. */
const all: readonly ContractExample[] = Object.entries(
  appRouter._def.procedures as unknown as Record<
    string,
    { _def: { type: ContractExample['type']; meta: Meta } }
  >,
)
  .flatMap(([procedure, { _def }]) =>
    (_def.meta.examples ?? []).map(({ summary, input }) => {
      const { access } = _def.meta
      const actor = access === 'public' || access === 'user' ? ('reader' as const) : ('admin' as const)
      return { procedure, type: _def.type, summary, input, actor }
    }),
  )
  .toSorted((a, b) => placeOf(a) - placeOf(b))

export const examples = all.filter(({ procedure }) => !withCodes.includes(procedure))

/** Those that need the factor whose secret the example of `auth.totp.enroll` shows, in order. */
export const examplesWithCodes = withCodes.flatMap((name) =>
  all.filter(({ procedure }) => procedure === name),
)

/** Reads first, then changes, then what takes away. */
function placeOf({ procedure, type }: ContractExample): number {
  return type === 'query' ? 0 : 1 + last.indexOf(procedure) + 1
}
