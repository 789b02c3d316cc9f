import { z } from 'zod'
import {
  Day,
  Instant,
  LanguageTag,
  lineSchema,
  proseSchema,
  ReadVersion,
  SearchText,
  Version,
  Year,
} from '../fields.ts'
import { addressSchema, idSchema } from '../ids.ts'
import { pageFields, pageOf } from '../paging.ts'
import { Isbn } from './isbn.ts'
import { relators } from './relators.ts'

export const bookStatuses = ['draft', 'published', 'withdrawn'] as const
export const BookStatus = z.enum(bookStatuses)
export type BookStatus = z.output<typeof BookStatus>

export const Relator = z.enum(relators)
export type Relator = z.output<typeof Relator>

export const Title = lineSchema(1000).describe('Title, in a line')
export const Subtitle = lineSchema(1000).describe('Subtitle, in a line')
export const Isbn13 = Isbn.describe('ISBN-10 or ISBN-13, hyphenated or not; of one book alone')
export const Language = LanguageTag.describe('Language tag (BCP 47), such as en or pt-BR')
export const PublishedOn = Day.describe('Day of publication')
export const Description = proseSchema(20_000).describe('What it is about, in 20,000 characters at most')
export const Subjects = z.array(lineSchema(300)).max(100).describe('Subject headings, 100 at most')

/** Who took part in a book, in order, with the name that the author has now. */
export const Contributor = z
  .strictObject({
    author: z.strictObject({ id: idSchema('author'), name: z.string().max(300) }),
    role: Relator,
  })
  .meta({ id: 'Contributor' })
export type Contributor = z.output<typeof Contributor>

export const Book = z
  .strictObject({
    id: idSchema('book'),
    title: z.string().max(1000),
    subtitle: z.string().max(1000).optional(),
    isbn13: z.string().length(13).optional(),
    language: z.string().max(35).optional(),
    publishedOn: Day.optional(),
    status: BookStatus,
    description: z.string().max(20_000).optional(),
    subjects: z.array(z.string().max(300)).max(100),
    contributors: z.array(Contributor).max(200),
    createdAt: Instant,
    updatedAt: Instant,
    version: Version,
  })
  .meta({ id: 'Book' })
export type Book = z.output<typeof Book>

export const ContributorInput = z.strictObject({
  authorId: idSchema('author'),
  role: Relator.default('author'),
})
export type ContributorInput = z.output<typeof ContributorInput>
const Contributors = z
  .array(ContributorInput)
  .max(200)
  .describe('Who took part, in order: `authorId` and `role` of each, 200 at most')

export const CreateBookInput = z.strictObject({
  title: Title,
  subtitle: Subtitle.optional(),
  isbn13: Isbn13.optional(),
  language: Language.optional(),
  publishedOn: PublishedOn.optional(),
  description: Description.optional(),
  subjects: Subjects.default([]),
  contributors: Contributors.default([]),
})
export type CreateBookInput = z.output<typeof CreateBookInput>

/** Fields that are named change; null takes an optional one away. */
export const UpdateBookInput = z.strictObject({
  id: addressSchema('book'),
  title: Title.optional(),
  subtitle: Subtitle.nullable().optional(),
  isbn13: Isbn13.nullable().optional(),
  language: Language.nullable().optional(),
  publishedOn: PublishedOn.nullable().optional(),
  description: Description.nullable().optional(),
  subjects: Subjects.optional(),
  contributors: Contributors.optional(),
  version: ReadVersion.optional(),
})
export type UpdateBookInput = z.output<typeof UpdateBookInput>

/** A book by its id; `version` is the one that the caller has read, where it matters. */
export const BookIdInput = z.strictObject({ id: addressSchema('book') })
export type BookIdInput = z.output<typeof BookIdInput>
export const BookVersionInput = z.strictObject({ id: addressSchema('book'), version: ReadVersion.optional() })
export type BookVersionInput = z.output<typeof BookVersionInput>

export const bookSorts = [
  '-createdAt',
  'createdAt',
  'title',
  '-title',
  'publishedOn',
  '-publishedOn',
] as const
export const BookSort = z.enum(bookSorts)
export type BookSort = z.output<typeof BookSort>

const bookFilters = {
  q: SearchText.optional().describe('Words in title, subtitle, description, subjects or names'),
  author: SearchText.optional().describe('Id of an author, or part of a name'),
  subject: SearchText.optional().describe('Part of a subject'),
  language: LanguageTag.optional().describe('Language tag (BCP 47)'),
  isbn: Isbn.optional().describe('ISBN-10 or ISBN-13, hyphenated or not'),
  status: BookStatus.default('published').describe(
    'Drafts and withdrawn books are shown to their author and to editors',
  ),
  year: Year.optional().describe('Year of publication'),
  sort: BookSort.default('-createdAt').describe('Order; with - the last one first'),
}
export const BookListInput = z.strictObject({ ...bookFilters, ...pageFields })
export type BookListInput = z.output<typeof BookListInput>
export const BookStreamInput = z.strictObject(bookFilters)
export type BookStreamInput = z.output<typeof BookStreamInput>
export const BookPage = pageOf(Book)
