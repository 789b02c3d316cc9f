import { Nothing } from '../fields.ts'
import { returns } from '../returns.ts'
import { procedure, router } from '../trpc.ts'
import {
  Author,
  AuthorIdInput,
  AuthorListInput,
  AuthorPage,
  CreateAuthorInput,
  UpdateAuthorInput,
} from './author-schema.ts'
import { exampleAuthor, exampleBooklessAuthor } from './examples.ts'

const tags = ['Authors'] as const
const writers = ['author', 'editor', 'admin'] as const
const editors = ['editor', 'admin'] as const
const byId = { summary: 'By its id', input: { id: exampleAuthor.id } }

export const authorsRouter = router({
  list: procedure
    .meta({
      access: 'public',
      summary: 'List authors',
      description: 'By sort name; `q` is looked for in names.',
      tags,
      errors: ['invalid-cursor'],
      examples: [
        {
          summary: 'By a part of the name',
          input: { q: 'night' },
          output: { items: [exampleAuthor], nextCursor: null },
        },
      ],
      rest: { method: 'GET', path: '/api/authors', list: {} },
    })
    .input(AuthorListInput)
    .output(returns(AuthorPage))
    .query(({ ctx, input }) => ctx.authors.list(input)),

  get: procedure
    .meta({
      access: 'public',
      summary: 'Show an author',
      description: 'With the number of published books to which the author contributed.',
      tags,
      errors: ['not-found'],
      examples: [{ ...byId, output: exampleAuthor }],
      rest: { method: 'GET', path: '/api/authors/{id}' },
    })
    .input(AuthorIdInput)
    .output(returns(Author))
    .query(({ ctx, input }) => ctx.authors.get(input)),

  create: procedure
    .meta({
      access: writers,
      summary: 'Create an author',
      description: 'Without `sortName`, the last word of the name is filed first.',
      tags,
      errors: ['orcid-taken', 'idempotency-mismatch'],
      examples: [
        {
          summary: 'A name',
          input: { name: 'Florence Nightingale' },
          output: { ...exampleAuthor, bookCount: 0 },
        },
      ],
      rest: { method: 'POST', path: '/api/authors', status: 201, location: '/api/authors/{id}' },
    })
    .input(CreateAuthorInput)
    .output(returns(Author))
    .mutation(({ ctx, input }) => ctx.authors.create(input)),

  update: procedure
    .meta({
      access: editors,
      summary: 'Change an author',
      description: 'The new name shows in all of the author’s books. Null takes `bio` or `orcid` away.',
      tags,
      errors: ['not-found', 'orcid-taken', 'stale'],
      examples: [
        {
          summary: 'Another name',
          input: { id: exampleAuthor.id, name: exampleAuthor.name },
          output: exampleAuthor,
        },
      ],
      rest: { method: 'PATCH', path: '/api/authors/{id}' },
    })
    .input(UpdateAuthorInput)
    .output(returns(Author))
    .mutation(({ ctx, input }) => ctx.authors.update(input)),

  delete: procedure
    .meta({
      access: editors,
      summary: 'Delete an author without books',
      description: 'One who contributed to any book, a draft too, is not deleted.',
      tags,
      errors: ['not-found', 'author-has-books', 'stale'],
      examples: [{ summary: 'By its id', input: { id: exampleBooklessAuthor.id }, output: null }],
      rest: { method: 'DELETE', path: '/api/authors/{id}' },
    })
    .input(AuthorIdInput)
    .output(returns(Nothing))
    .mutation(({ ctx, input }) => ctx.authors.delete(input)),
})
