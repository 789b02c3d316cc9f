import { z } from 'zod'
import { lineSchema } from '../fields.ts'
import { idSchema } from '../ids.ts'
import { ExternalId, importFields, importResultSchema, maxImportRows, ofRows } from '../imports.ts'
import { Description, Isbn13, Language, PublishedOn, Relator, Subjects, Subtitle, Title } from './schema.ts'

/** An author as a foreign catalogue names it: the same identifier, else the same name, is the same author. */
const ImportContributor = z.strictObject({
  name: lineSchema(300),
  sortName: lineSchema(300).optional(),
  externalId: ExternalId.optional(),
  role: Relator.default('author'),
})

export const ImportBookRow = z.strictObject({
  externalId: ExternalId,
  title: Title,
  subtitle: Subtitle.optional(),
  isbn13: Isbn13.optional(),
  language: Language.optional(),
  publishedOn: PublishedOn.optional(),
  description: Description.optional(),
  subjects: Subjects.default([]),
  contributors: z
    .array(ImportContributor)
    .max(200)
    .default([])
    .describe(
      'Who took part, in order, by name: the same identifier, else the same name, is the same author',
    ),
})
export type ImportBookRow = z.output<typeof ImportBookRow>

export const ImportBooksInput = z.strictObject({
  ...importFields,
  status: z.enum(['draft', 'published']).default('draft').describe('Status of the books that are created'),
  rows: z.array(ImportBookRow).min(1).max(maxImportRows).describe(ofRows),
})
export type ImportBooksInput = z.output<typeof ImportBooksInput>
export const ImportBooksResult = importResultSchema(idSchema('book'))
export type ImportBooksResult = z.output<typeof ImportBooksResult>
