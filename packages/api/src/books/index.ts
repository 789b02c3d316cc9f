export {
  Author,
  AuthorIdInput,
  AuthorListInput,
  AuthorPage,
  CreateAuthorInput,
  UpdateAuthorInput,
} from './author-schema.ts'
export { exampleAuthor, exampleBook, exampleBooklessAuthor, exampleDraftId } from './examples.ts'
export { ImportBookRow, ImportBooksInput, ImportBooksResult } from './import-schema.ts'
export { Isbn, parseIsbn } from './isbn.ts'
export { relators } from './relators.ts'
export {
  Book,
  BookIdInput,
  BookListInput,
  BookPage,
  BookSort,
  bookSorts,
  BookStatus,
  bookStatuses,
  BookStreamInput,
  BookVersionInput,
  Contributor,
  ContributorInput,
  CreateBookInput,
  Relator,
  UpdateBookInput,
} from './schema.ts'
export { type AuthorService, type BookService } from './service.ts'
