import type { Page } from '../paging.ts'
import type { JsonText, StoredPage } from '../stored.ts'
import type {
  Author,
  AuthorIdInput,
  AuthorListInput,
  CreateAuthorInput,
  UpdateAuthorInput,
} from './author-schema.ts'
import type { ImportBooksInput, ImportBooksResult } from './import-schema.ts'
import type {
  Book,
  BookIdInput,
  BookListInput,
  BookStreamInput,
  BookVersionInput,
  CreateBookInput,
  UpdateBookInput,
} from './schema.ts'

/** The catalogue, as one caller may see and change it. */
export type BookService = {
  list(input: BookListInput): Promise<StoredPage<Book>>
  stream(input: BookStreamInput): AsyncIterable<Book>
  get(input: BookIdInput): Promise<JsonText<Book>>
  create(input: CreateBookInput): Promise<Book>
  update(input: UpdateBookInput): Promise<Book>
  delete(input: BookVersionInput): Promise<null>
  publish(input: BookVersionInput): Promise<Book>
  withdraw(input: BookVersionInput): Promise<Book>
  import(input: ImportBooksInput): Promise<ImportBooksResult>
}

export type AuthorService = {
  list(input: AuthorListInput): Promise<Page<Author>>
  get(input: AuthorIdInput): Promise<Author>
  create(input: CreateAuthorInput): Promise<Author>
  update(input: UpdateAuthorInput): Promise<Author>
  delete(input: AuthorIdInput): Promise<null>
}
