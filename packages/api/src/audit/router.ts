import { exampleUser } from '../auth/examples.ts'
import { NoInput } from '../fields.ts'
import { idSchema } from '../ids.ts'
import { examplePatient, exampleRecord } from '../records/examples.ts'
import { returns } from '../returns.ts'
import { procedure, router } from '../trpc.ts'
import { type AuditEntry, AuditListInput, AuditPage, AuditVerification } from './schema.ts'

const tags = ['Audit'] as const

const exampleEntry: AuditEntry = {
  id: idSchema('audit').parse('audit_01jd3xq5e0f2q8n4v6z8a1b3f1'),
  at: '2026-01-05T09:30:00.000Z',
  actor: { id: exampleUser.id, username: 'clinician', role: 'clinician' },
  action: 'records.get',
  outcome: 'allowed',
  resource: exampleRecord.id,
  patientId: examplePatient.id,
  address: '127.0.0.1',
  requestId: 'req-1',
}

export const auditRouter = router({
  list: procedure
    .meta({
      access: ['admin'],
      summary: 'Show who read or changed what',
      description: 'Latest first.',
      tags,
      errors: ['invalid-cursor'],
      examples: [
        {
          summary: 'One patient',
          input: { patientId: examplePatient.id },
          output: { items: [exampleEntry], nextCursor: null },
        },
      ],
      rest: { method: 'GET', path: '/api/audit', list: {} },
    })
    .input(AuditListInput)
    .output(returns(AuditPage))
    .query(({ ctx, input }) => ctx.audit.list(input)),

  verify: procedure
    .meta({
      access: ['admin'],
      summary: 'Check the hash chain of the audit trail',
      description: 'Finds an edited, a missing or a swapped entry, and a tail that was cut off.',
      tags,
      examples: [{ summary: 'The whole trail' }],
    })
    .input(NoInput)
    .output(returns(AuditVerification))
    .query(({ ctx }) => ctx.audit.verify()),
})
