import { z } from 'zod'
import { lineSchema, proseSchema, SearchText } from '../fields.ts'
import { addressSchema, idSchema } from '../ids.ts'
import { pageFields, pageOf } from '../paging.ts'

/** Tells whether 16 digits with hyphens are an ORCID iD whose check digit fits (ISO 7064 MOD 11-2). */
function isOrcid(text: string): boolean {
  const digits = text.replaceAll('-', '')
  const total = Array.from(digits.slice(0, 15), Number).reduce((sum, digit) => (sum + digit) * 2, 0)
  const check = (12 - (total % 11)) % 11
  return digits.at(-1) === (check === 10 ? 'X' : String(check))
}

const Orcid = z
  .string()
  .regex(/^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$/, 'must be an ORCID iD such as 0000-0002-1825-0097')
  .refine(isOrcid, 'must be an ORCID iD whose check digit fits')
  .describe('ORCID iD, such as 0000-0002-1825-0097')

const Name = lineSchema(300).describe('Name as it is printed')
const SortName = lineSchema(300).describe('Name as it is filed, the family name first')
const Bio = proseSchema(20_000).describe('About the author, in 20,000 characters at most')

export const Author = z
  .strictObject({
    id: idSchema('author'),
    name: z.string().max(300),
    /** The name as it is filed: family name first. */
    sortName: z.string().max(300),
    bio: z.string().max(20_000).optional(),
    orcid: z.string().max(19).optional(),
    /** Published books to which the author contributed. */
    bookCount: z.int().min(0),
  })
  .meta({ id: 'Author' })
export type Author = z.output<typeof Author>

export const AuthorListInput = z.strictObject({
  q: SearchText.optional().describe('Part of a name'),
  ...pageFields,
})
export type AuthorListInput = z.output<typeof AuthorListInput>
export const AuthorPage = pageOf(Author)

/** Without `sortName`, the last word of the name comes first. */
export const CreateAuthorInput = z.strictObject({
  name: Name,
  sortName: SortName.optional(),
  bio: Bio.optional(),
  orcid: Orcid.optional(),
})
export type CreateAuthorInput = z.output<typeof CreateAuthorInput>

export const UpdateAuthorInput = z.strictObject({
  id: addressSchema('author'),
  name: Name.optional(),
  sortName: SortName.optional(),
  bio: Bio.nullable().optional(),
  orcid: Orcid.nullable().optional(),
})
export type UpdateAuthorInput = z.output<typeof UpdateAuthorInput>
export const AuthorIdInput = z.strictObject({ id: addressSchema('author') })
export type AuthorIdInput = z.output<typeof AuthorIdInput>
