import type { KeyAccess, KeyDomain } from './auth/key-schema.ts'
import type { Role } from './auth/schema.ts'
import type { KeyId, PatientId, SessionId, UserId } from './ids.ts'
import type { Obligation } from './obligations.ts'

/** Who calls, with what credential, from where; made once per request by the transport. */
export type Caller = {
  readonly user: CallerUser | null
  readonly session: CallerSession | null
  /** The API key that the call is made with, where it is not made with a session. */
  readonly key?: CallerKey | undefined
  /** What the account has to do before it may do anything else. */
  readonly obligations?: readonly Obligation[] | undefined
  readonly requestId: string
  readonly address: string
  readonly userAgent: string | null
  /** Why the caller looks at private data, in its own words, where it says so. */
  readonly reason?: string | undefined
  /** The caller's `If-Match`, where there is one. */
  readonly precondition?: Precondition | undefined
  /** The caller's `Idempotency-Key`, where there is one. */
  readonly idempotency?: IdempotencyKey | undefined
}

export type CallerUser = {
  readonly id: UserId
  readonly username: string
  readonly role: Role
  /** The patient whose records this account may see, when a clinician has linked one. */
  readonly patientId: PatientId | null
}

export type CallerSession = { readonly id: SessionId; readonly kind: 'bearer' | 'cookie' }

/** An API key, and what of its owner's rights it carries; `domains` null: all. */
export type CallerKey = {
  readonly id: KeyId
  readonly access: KeyAccess
  readonly domains: readonly KeyDomain[] | null
}

/** A condition on the present state of the object that is about to change (RFC 9110, 13.1.1). */
export type Precondition = { holds(current: unknown): boolean }

/** `fingerprint` is a keyed hash over method, path and body, base64url. */
export type IdempotencyKey = { readonly key: string; readonly fingerprint: string }
