import type { KeyAccess, KeyDomain, Role } from '@casebook/api/auth'
import type { Generated } from 'kysely'
import type { DefaultInstantColumn, InstantColumn, NullableInstantColumn } from '../columns.ts'

export type AuthTables = {
  user_account: {
    id: string
    username: string
    username_key: string
    email: string
    email_key: string
    password_hash: string
    role: Role
    failed_logins: Generated<number>
    locked_until: NullableInstantColumn
    login_epoch: Generated<number>
    created_at: InstantColumn
    disabled_at: NullableInstantColumn
    email_verified_at: NullableInstantColumn
  }
  known_network: {
    user_id: string
    network: string
    used_at: InstantColumn
    failed_logins: Generated<number>
    locked_until: NullableInstantColumn
  }
  session: {
    id: string
    public_id: string
    user_id: string
    kind: 'bearer' | 'cookie'
    created_at: InstantColumn
    last_used_at: InstantColumn
    expires_at: InstantColumn
    absolute_expires_at: InstantColumn
    address: string | null
    user_agent: string | null
  }
  api_key: {
    id: string
    key_hash: string
    user_id: string
    name: string
    start: string
    access: KeyAccess
    domains: KeyDomain[] | null
    created_at: InstantColumn
    expires_at: InstantColumn
    last_used_at: NullableInstantColumn
  }
  password_reset: {
    key_hash: string
    user_id: string
    expires_at: InstantColumn
    used_at: NullableInstantColumn
  }
  email_verification: {
    key_hash: string
    user_id: string
    email_key: string
    expires_at: InstantColumn
    used_at: NullableInstantColumn
  }
  second_factor: {
    user_id: string
    /** Sealed by a key that the database does not hold. */
    secret: string
    created_at: DefaultInstantColumn
    confirmed_at: NullableInstantColumn
    /** The time step (RFC 6238) of the last code that was taken. */
    last_step: number | null
    wrong_codes: Generated<number>
    refused_until: NullableInstantColumn
  }
  recovery_code: {
    user_id: string
    code_hash: string
    used_at: NullableInstantColumn
  }
  invitation: {
    id: string
    token_hash: string
    email: string
    email_key: string
    role: Role
    created_at: InstantColumn
    expires_at: InstantColumn
    used_at: NullableInstantColumn
  }
}
