import { createHash } from 'node:crypto'
import { DomainError } from '@casebook/api'
import type { Refusal, Stores, Take } from '@casebook/db'
import { createPolicies, type LimitSettings, type Policies, type Policy } from './policies.ts'

/** A call that counts against a policy, for what `of` names: an address, an account, or both. */
export type Charge = { readonly policy: Policy; readonly of: readonly string[] }

/** The limits of a service; exact over all processes that share its database. */
export type Limits = {
  readonly policies: Policies
  /** Counts a call; when a limit is met, those after it count nothing. Throws `too-many-requests`. */
  take(...charges: readonly Charge[]): Promise<void>
  /** Counts a call, and tells whether it is within the limit. */
  isWithin(charge: Charge): Promise<boolean>
  /** What the database counts of charges, for stores that do so along with something else; nothing without limits. */
  takesOf(...charges: readonly Charge[]): Take[]
  /** Throws `too-many-requests` when one of the charges was refused. */
  assertTaken(refusal: Refusal | null, ...charges: readonly Charge[]): void
}

/** Makes the limits of a service. */
export function createLimits({ limits }: Stores, settings: LimitSettings): Limits {
  const takesOf = (...charges: readonly Charge[]) => (settings.isOn ? charges.map(takeOf) : [])
  const take = async (charges: readonly Charge[]): Promise<Refusal | null> =>
    settings.isOn ? limits.take(charges.map(takeOf)) : null
  return {
    policies: createPolicies(settings),
    takesOf,
    assertTaken,
    take: async (...charges) => assertTaken(await take(charges), ...charges),
    isWithin: async (charge) => (await take([charge])) === null,
  }
}

function assertTaken(refusal: Refusal | null, ...charges: readonly Charge[]): void {
  const refused = refusal === null ? undefined : charges[refusal.index]
  if (refusal === null || refused === undefined) return
  const { name, quota, windowSeconds, what } = refused.policy
  const retryAfterSeconds = Math.max(1, Math.ceil(refusal.waitSeconds))
  throw new DomainError('too-many-requests', {
    detail: `Too many ${what}: try again in ${inWords(retryAfterSeconds)}.`,
    retryAfterSeconds,
    limit: { name, quota, windowSeconds },
  })
}

function takeOf({ policy, of }: Charge): Take {
  const windowMicros = policy.windowSeconds * 1e6
  return { key: keyOf(policy, of), stepMicros: Math.floor(windowMicros / policy.quota), windowMicros }
}

/** What callers typed, which may be a password in the wrong field, is not kept. */
function keyOf({ name }: Policy, of: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([name, ...of]))
    .digest('base64url')
}

function inWords(seconds: number): string {
  if (seconds === 1) return 'a second'
  return seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`
}
