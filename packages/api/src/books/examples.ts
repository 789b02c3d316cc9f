import { idSchema } from '../ids.ts'
import type { Author } from './author-schema.ts'
import type { Book } from './schema.ts'

/** The book and the author that examples are about; both are in the sample data. */
export const exampleAuthor: Author = {
  id: idSchema('author').parse('author_01jd3xq5e0f2q8n4v6z8a1b3d1'),
  name: 'Florence Nightingale',
  sortName: 'Nightingale, Florence',
  bio: 'English social reformer and statistician, the founder of modern nursing.',
  bookCount: 1,
}

/** An author without a book, whom one may delete. */
export const exampleBooklessAuthor: Author = {
  id: idSchema('author').parse('author_01jd3xq5e0f2q8n4v6z8a1b3d3'),
  name: 'Rahel Hirsch',
  sortName: 'Hirsch, Rahel',
  bookCount: 0,
}

/** Id of a draft of the sample account `author`. */
export const exampleDraftId = idSchema('book').parse('book_01jd3xq5e0f2q8n4v6z8a1b3d4')

export const exampleBook: Book = {
  id: idSchema('book').parse('book_01jd3xq5e0f2q8n4v6z8a1b3d2'),
  title: 'Notes on Nursing',
  subtitle: 'What It Is, and What It Is Not',
  language: 'en',
  publishedOn: '1859-01-01',
  status: 'published',
  subjects: ['Nursing'],
  contributors: [{ author: { id: exampleAuthor.id, name: exampleAuthor.name }, role: 'author' }],
  createdAt: '2026-01-05T09:00:00.000Z',
  updatedAt: '2026-01-05T09:00:00.000Z',
  version: 1,
}
