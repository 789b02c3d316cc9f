import { z } from 'zod'
import { lineSchema } from './fields.ts'

/** Rows that one call of an import takes. */
export const maxImportRows = 1000

/** Where rows come from; with the row's external identifier it makes an import safe to run twice. */
export const ImportSource = z
  .string()
  .max(64)
  .regex(/^[a-z0-9][a-z0-9._-]*$/, 'must be lower-case letters, digits and . _ -')

/** What a row is called where it comes from. */
export const ExternalId = lineSchema(200).describe('What the row is called where it comes from')

/** What every import takes besides its rows; a dry run answers the same and changes nothing. */
export const importFields = {
  source: ImportSource.describe('Where the rows come from, in small letters, digits and . _ -'),
  dryRun: z.boolean().default(false).describe('Answer what would become of each row, and change nothing'),
}
/** Description of the rows of an import. */
export const ofRows = `What to import, ${maxImportRows} rows at most`

/** What became of one row: `exists` when its external identifier was imported before. */
export function importResultSchema<T extends z.ZodType>(id: T) {
  return z.strictObject({
    results: z
      .array(
        z.strictObject({
          externalId: z.string().max(200),
          outcome: z.enum(['created', 'exists', 'rejected']),
          /** Of what exists now; absent for a rejected row and for one that a dry run would create. */
          id: id.optional(),
          errors: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
        }),
      )
      .max(maxImportRows),
  })
}
