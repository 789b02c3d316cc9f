import { z } from 'zod'
import { Day, LanguageTag, lineSchema, proseSchema } from '../fields.ts'
import { idSchema } from '../ids.ts'
import { ExternalId, importFields, importResultSchema, maxImportRows, ofRows } from '../imports.ts'
import { Isbn } from './isbn.ts'
import { Relator } from './schema.ts'

/** An author as a foreign catalogue names it: the same identifier, else the same name, is the same author. */
const ImportContributor = z.strictObject({
  name: lineSchema(300),
  sortName: lineSchema(300).optional(),
  externalId: ExternalId.optional(),
  role: Relator.default('author'),
})

export const ImportBookRow = z.strictObject({
  externalId: ExternalId,
  title: lineSchema(1000),
  subtitle: lineSchema(1000).optional(),
  isbn13: Isbn.optional(),
  language: LanguageTag.optional(),
  publishedOn: Day.optional(),
  description: proseSchema(20_000).optional(),
  subjects: z.array(lineSchema(300)).max(100).default([]),
  contributors: z.array(ImportContributor).max(200).default([]),
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
