import type { Caller } from './caller.ts'

/** What an account has to do before it may do anything else, as the reason for which it is refused until then. */
export type Obligation = 'second-factor-not-enrolled' | 'email-not-verified'

/** All obligations: for procedures that an account may call whatever it still has to do. */
export const anyObligation: readonly Obligation[] = ['second-factor-not-enrolled', 'email-not-verified']

/** Gives what the caller has to do before it may call a procedure, or null. */
export function unmetObligation(
  caller: Caller,
  despite: readonly Obligation[] | undefined,
): Obligation | null {
  return caller.obligations?.find((obligation) => despite?.includes(obligation) !== true) ?? null
}
