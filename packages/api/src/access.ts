import type { Role } from './auth/schema.ts'
import type { Caller } from './caller.ts'
import type { ErrorReason } from './errors.ts'

/**
 * Who may call a procedure at all: everybody, every account, these roles, or these roles and every account that
 * is linked to a patient. What they then see of it is the policies' matter.
 */
export type Access = 'public' | 'user' | readonly Role[] | PatientAccess
export type PatientAccess = { readonly roles: readonly Role[]; readonly linkedPatient: true }

/** Gives the reason for which a caller may not call, or null when it may. */
export function authorize(access: Access, caller: Caller): ErrorReason | null {
  if (access === 'public') return null
  if (caller.user === null) return 'not-authenticated'
  if (access === 'user') return null
  const { role, patientId } = caller.user
  if (rolesOf(access).includes(role)) return null
  return isPatientAccess(access) && patientId !== null ? null : 'not-allowed'
}

/** Gives the roles that an access names; none for `public` and `user`. */
export function rolesOf(access: Access): readonly Role[] {
  if (typeof access === 'string') return []
  return isPatientAccess(access) ? access.roles : access
}

function isPatientAccess(access: Access): access is PatientAccess {
  return typeof access === 'object' && 'linkedPatient' in access
}
