import { exampleUser } from '../auth/examples.ts'
import { idSchema } from '../ids.ts'
import { examplePatient, exampleRecord } from '../records/examples.ts'
import { returns, streams } from '../returns.ts'
import { procedure, router } from '../trpc.ts'
import {
  AuditEntry,
  AuditListInput,
  AuditPage,
  AuditStreamInput,
  AuditVerification,
  AuditVerifyInput,
} from './schema.ts'

const tags = ['Audit'] as const
const access = ['admin'] as const
const audited = true

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
      access,
      audited,
      summary: 'Show who read or changed what',
      description: 'Latest first. Looking at the trail leaves an entry in it, too.',
      tags,
      errors: ['invalid-cursor'],
      examples: [
        {
          summary: 'One patient',
          input: { patientId: examplePatient.id },
          output: { items: [exampleEntry], nextCursor: null },
        },
      ],
      rest: { method: 'GET', path: '/api/audit', list: { stream: 'audit.stream' } },
    })
    .input(AuditListInput)
    .output(returns(AuditPage))
    .query(({ ctx, input }) => ctx.audit.list(input)),

  stream: procedure
    .meta({
      access,
      audited,
      summary: 'Stream the audit trail',
      description:
        'The same filters and order as `audit.list`, without pages; what is written meanwhile is left out.',
      tags,
      examples: [{ summary: 'What was refused', input: { outcome: 'refused' } }],
    })
    .input(AuditStreamInput)
    .output(streams(AuditEntry))
    .query(({ ctx, input }) => ctx.audit.stream(input)),

  verify: procedure
    .meta({
      access,
      audited,
      summary: 'Check the hash chain of the audit trail',
      description:
        'Finds an edited, a missing or a swapped entry, and a tail that was cut off. Who can write everything can write a whole new chain: to find that, keep the `head` of the answer elsewhere, and give it to the next check.',
      tags,
      examples: [{ summary: 'The whole trail' }],
    })
    .input(AuditVerifyInput)
    .output(returns(AuditVerification))
    .query(({ ctx, input }) => ctx.audit.verify(input)),
})
