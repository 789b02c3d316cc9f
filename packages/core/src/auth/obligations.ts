import type { Obligation } from '@casebook/api'
import type { Role } from '@casebook/api/auth'
import type { Standing } from '@casebook/db'

/** What a server demands of accounts before they may do anything else. */
export type Demands = {
  /** Accounts that see other people's data need a second factor. */
  readonly mfa: boolean
  readonly verifiedEmail: boolean
}

const privileged = new Set<Role>(['clinician', 'admin'])

/** Tells whether a server demands a second factor of accounts with this role. */
export function demandsSecondFactor(demands: Demands, role: Role): boolean {
  return demands.mfa && privileged.has(role)
}

/** Gives what an account still has to do; asked with each request, so that it bites, and ends, on the next one. */
export function obligationsOf(
  demands: Demands,
  { role, standing }: { role: Role; standing: Standing },
): readonly Obligation[] {
  return [
    ...(demandsSecondFactor(demands, role) && !standing.hasSecondFactor
      ? (['second-factor-not-enrolled'] as const)
      : []),
    ...(demands.verifiedEmail && !standing.isEmailVerified ? (['email-not-verified'] as const) : []),
  ]
}
