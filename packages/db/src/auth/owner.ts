import { idOf, type CallerUser } from '@casebook/api'
import type { Role } from '@casebook/api/auth'
import { sql } from 'kysely'

/** How an account stands with what a server may demand of it. */
export type Standing = { readonly hasSecondFactor: boolean; readonly isEmailVerified: boolean }

/** Whose a credential is; with it stands how the account stands. */
export type Owner = { readonly user: CallerUser; readonly standing: Standing }

/** What is read of the owner of a credential, of `user_account u`, `patient p` and `second_factor f`. */
export const ownerColumns = [
  'u.id as user_id',
  'u.username',
  'u.role',
  'p.id as patient_id',
  sql<boolean>`f.confirmed_at is not null`.as('has_second_factor'),
  sql<boolean>`u.email_verified_at is not null`.as('is_email_verified'),
] as const

export type OwnerRow = {
  user_id: string
  username: string
  role: Role
  patient_id: string | null
  has_second_factor: boolean
  is_email_verified: boolean
}

export function toOwner(row: OwnerRow): Owner {
  const patientId = row.patient_id === null ? null : idOf('patient', row.patient_id)
  return {
    user: { id: idOf('user', row.user_id), username: row.username, role: row.role, patientId },
    standing: { hasSecondFactor: row.has_second_factor, isEmailVerified: row.is_email_verified },
  }
}
