import { DomainError, type Caller, type PatientId } from '@casebook/api'
import type { RecordScope } from '@casebook/db'

/**
 * Whose records a caller sees: clinicians and admins everybody's, an account that is linked to a patient that
 * patient's. Throws `not-allowed` for everybody else.
 */
export function recordScope({ user }: Caller): RecordScope {
  if (user === null) throw new DomainError('not-authenticated')
  if (user.role === 'clinician' || user.role === 'admin') return { kind: 'all' }
  if (user.patientId !== null) return { kind: 'patient', patientId: user.patientId }
  throw new DomainError('not-allowed')
}

/** The one patient whose records a caller sees; none for those who see everybody's, and for those who see nobody's. */
export function ownPatientOf({ user }: Caller): PatientId | undefined {
  if (user === null || user.role === 'clinician' || user.role === 'admin') return undefined
  return user.patientId ?? undefined
}

/**
 * Whose accesses a caller may look over: admins everybody's, since they answer for the trail, and the account that is
 * linked to a patient that patient's. Clinicians treat patients without it, and are those it is about.
 * Throws `not-allowed` for everybody else.
 */
export function accessScope({ user }: Caller): RecordScope {
  if (user === null) throw new DomainError('not-authenticated')
  if (user.role === 'admin') return { kind: 'all' }
  if (user.patientId !== null) return { kind: 'patient', patientId: user.patientId }
  throw new DomainError('not-allowed')
}
