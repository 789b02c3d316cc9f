import { newId, type PatientId, type SessionId, type UserId } from '@casebook/api'

/** Who calls: an account of each role, one that is linked to a patient, and nobody. */
export const actors = ['admin', 'editor', 'author', 'clinician', 'reader', 'linked', 'nobody'] as const
export type Actor = (typeof actors)[number]

type Ids = { readonly id: UserId; readonly sessionId: SessionId; readonly patientId: PatientId | null }

export const exampleUserIds: Readonly<Partial<Record<string, Ids>>> = Object.fromEntries(
  actors
    .filter((actor) => actor !== 'nobody')
    .map((actor) => [
      actor,
      {
        id: newId('user'),
        sessionId: newId('session'),
        patientId: actor === 'linked' ? newId('patient') : null,
      },
    ]),
)
