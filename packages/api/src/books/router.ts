import { Nothing } from '../fields.ts'
import { returns, streams } from '../returns.ts'
import { procedure, router } from '../trpc.ts'
import { authorsRouter } from './authors-router.ts'
import { exampleAuthor, exampleBook, exampleDraftId } from './examples.ts'
import { ImportBooksInput, ImportBooksResult } from './import-schema.ts'
import {
  Book,
  BookIdInput,
  BookListInput,
  BookPage,
  BookStreamInput,
  BookVersionInput,
  CreateBookInput,
  UpdateBookInput,
} from './schema.ts'

const tags = ['Books'] as const
const writers = ['author', 'editor', 'admin'] as const
const editors = ['editor', 'admin'] as const

export const booksRouter = router({
  list: procedure
    .meta({
      access: 'public',
      summary: 'List books',
      description:
        'Published books for everybody; with `status=draft` or `withdrawn`, authors see their own and editors all.',
      tags,
      errors: ['invalid-cursor'],
      examples: [
        {
          summary: 'Books on nursing',
          input: { q: 'nursing', limit: 2 },
          output: { items: [exampleBook], nextCursor: null },
        },
      ],
      rest: { method: 'GET', path: '/api/books', list: { stream: 'books.stream' } },
    })
    .input(BookListInput)
    .output(returns(BookPage))
    .query(({ ctx, input }) => ctx.books.list(input)),

  stream: procedure
    .meta({
      access: 'public',
      summary: 'Stream all books',
      description: 'The same filters and order as `books.list`, without pages.',
      tags,
      examples: [{ summary: 'Books in English', input: { language: 'en' } }],
    })
    .input(BookStreamInput)
    .output(streams(Book))
    .query(({ ctx, input }) => ctx.books.stream(input)),

  get: procedure
    .meta({
      access: 'public',
      summary: 'Show a book',
      description: "A draft is shown to its author and to editors; to anybody else it isn't there.",
      tags,
      errors: ['not-found'],
      examples: [{ summary: 'By its id', input: { id: exampleBook.id }, output: exampleBook }],
      rest: { method: 'GET', path: '/api/books/{id}' },
    })
    .input(BookIdInput)
    .output(returns(Book))
    .query(({ ctx, input }) => ctx.books.get(input)),

  create: procedure
    .meta({
      access: writers,
      summary: 'Create a draft',
      description:
        'It belongs to you, and is seen by you and by editors until one of them publishes it. Contributors stand in the order given.',
      tags,
      errors: ['isbn-taken', 'idempotency-mismatch'],
      examples: [
        {
          summary: 'With one author',
          input: {
            title: 'Notes on Nursing',
            language: 'en',
            contributors: [{ authorId: exampleAuthor.id, role: 'author' }],
          },
          output: { ...exampleBook, status: 'draft' },
        },
      ],
      rest: { method: 'POST', path: '/api/books', status: 201, location: '/api/books/{id}' },
    })
    .input(CreateBookInput)
    .output(returns(Book))
    .mutation(({ ctx, input }) => ctx.books.create(input)),

  update: procedure
    .meta({
      access: writers,
      summary: 'Change a book',
      description:
        'Authors change their own drafts, editors every book. Fields that are not named stay; null takes one away.',
      tags,
      errors: ['not-found', 'isbn-taken', 'stale'],
      examples: [
        {
          summary: 'Another title',
          input: { id: exampleBook.id, title: 'Notes on Nursing' },
          output: exampleBook,
        },
      ],
      rest: { method: 'PATCH', path: '/api/books/{id}' },
    })
    .input(UpdateBookInput)
    .output(returns(Book))
    .mutation(({ ctx, input }) => ctx.books.update(input)),

  delete: procedure
    .meta({
      access: writers,
      summary: 'Delete a draft',
      description: 'What was once published is withdrawn instead, since it may have been cited.',
      tags,
      errors: ['not-found', 'book-not-draft', 'stale'],
      examples: [{ summary: 'By its id', input: { id: exampleDraftId }, output: null }],
      rest: { method: 'DELETE', path: '/api/books/{id}' },
    })
    .input(BookVersionInput)
    .output(returns(Nothing))
    .mutation(({ ctx, input }) => ctx.books.delete(input)),

  publish: procedure
    .meta({
      access: editors,
      summary: 'Publish a book',
      description: 'A draft or a withdrawn book; one that is published stays as it is.',
      tags,
      errors: ['not-found', 'stale'],
      examples: [{ summary: 'By its id', input: { id: exampleBook.id }, output: exampleBook }],
      rest: { method: 'POST', path: '/api/books/{id}/publish' },
    })
    .input(BookVersionInput)
    .output(returns(Book))
    .mutation(({ ctx, input }) => ctx.books.publish(input)),

  withdraw: procedure
    .meta({
      access: editors,
      summary: 'Withdraw a book',
      description: 'Takes a published book from sight without deleting it.',
      tags,
      errors: ['not-found', 'stale'],
      examples: [
        {
          summary: 'By its id',
          input: { id: exampleBook.id },
          output: { ...exampleBook, status: 'withdrawn' },
        },
      ],
      rest: { method: 'POST', path: '/api/books/{id}/withdraw' },
    })
    .input(BookVersionInput)
    .output(returns(Book))
    .mutation(({ ctx, input }) => ctx.books.withdraw(input)),

  import: procedure
    .meta({
      access: editors,
      summary: 'Import books of another catalogue',
      description:
        'Creates the rows whose external identifier is new, and leaves the others as they are; a bad row is rejected alone.',
      tags,
      examples: [
        {
          summary: 'One row',
          input: {
            source: 'gutenberg',
            rows: [
              {
                externalId: '17366',
                title: 'Notes on Nursing',
                contributors: [{ name: 'Florence Nightingale', role: 'author' }],
              },
            ],
          },
        },
      ],
    })
    .input(ImportBooksInput)
    .output(returns(ImportBooksResult))
    .mutation(({ ctx, input }) => ctx.books.import(input)),

  authors: authorsRouter,
})
