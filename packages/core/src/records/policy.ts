import { DomainError, type Caller } from '@casebook/api'
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
