import { z } from 'zod'
import { Instant, lineSchema } from '../fields.ts'
import { addressSchema, idSchema } from '../ids.ts'
import { Role } from '../auth/schema.ts'
import { pageFields, pageOf } from '../paging.ts'

export const AuditOutcome = z.enum(['allowed', 'refused', 'failed'])
export type AuditOutcome = z.output<typeof AuditOutcome>

/** One entry of the audit trail: who did what to whose data, when, from where, with what outcome. */
export const AuditEntry = z
  .strictObject({
    id: idSchema('audit'),
    at: Instant,
    /** Absent when the call had no valid credential. */
    actor: z.strictObject({ id: idSchema('user'), username: z.string().max(64), role: Role }).optional(),
    /** The procedure, such as `records.get`. */
    action: z.string().max(100),
    outcome: AuditOutcome,
    /** Id of what was read or changed, where it was one thing. */
    resource: z.string().max(100).optional(),
    patientId: idSchema('patient').optional(),
    /** How many objects a list answered or an import made. */
    count: z.int().min(0).optional(),
    /** The reason that the caller gave, and filters of a list, or names of changed fields; never values of medical data. */
    detail: z.string().max(1000).optional(),
    address: z.string().max(64),
    requestId: z.string().max(64),
    /** Id of the session or API key that the call was made with. */
    credential: z.string().max(64).optional(),
  })
  .meta({ id: 'AuditEntry' })
export type AuditEntry = z.output<typeof AuditEntry>

const instant = z.iso.datetime('must be an instant in UTC such as 2026-01-31T00:00:00Z')
const filters = {
  actorId: addressSchema('user').optional().describe('Who did it'),
  patientId: addressSchema('patient').optional().describe('Whose data it was'),
  resource: lineSchema(100).optional().describe('Id of what was read or changed'),
  action: lineSchema(100).optional().describe('Name of the procedure, such as `records.get`'),
  outcome: AuditOutcome.optional().describe('Whether it was allowed, refused, or failed'),
  requestId: lineSchema(64).optional().describe('Id of the request'),
  from: instant.optional().describe('First instant, such as 2026-01-31T00:00:00Z'),
  to: instant.optional().describe('Instant before which entries end'),
}

export const AuditListInput = z.strictObject({ ...filters, ...pageFields })
export type AuditListInput = z.output<typeof AuditListInput>
export const AuditStreamInput = z.strictObject(filters)
export type AuditStreamInput = z.output<typeof AuditStreamInput>
export const AuditPage = pageOf(AuditEntry)

export const AuditVerifyInput = z
  .strictObject({
    head: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'must be the head that an earlier check gave, 64 hexadecimal digits')
      .optional()
      .describe('The head of an earlier check, kept elsewhere; the chain must still hold it'),
  })
  .optional()
export type AuditVerifyInput = z.output<typeof AuditVerifyInput>

/** What a check of the hash chain found. */
export const AuditVerification = z
  .strictObject({
    ok: z.boolean(),
    /** Entries that are chained and were checked. */
    sealed: z.int().min(0),
    /** Entries that wait for the sealer, a second at most. */
    pending: z.int().min(0),
    /** Hash of the last sealed entry, hex; keep it elsewhere to notice a cut tail. */
    head: z.string().max(64).nullable(),
    problems: z
      .array(
        z.strictObject({
          id: idSchema('audit').optional(),
          kind: z.enum(['edited', 'missing', 'swapped', 'cut-tail']),
          message: z.string().max(500),
        }),
      )
      .max(1000),
  })
  .meta({ id: 'AuditVerification' })
export type AuditVerification = z.output<typeof AuditVerification>
