import type { BookStatus, Relator } from '@casebook/api/books'
import type { Generated } from 'kysely'
import type { InstantColumn } from '../columns.ts'

export type BookTables = {
  author: {
    id: string
    name: string
    sort_name: string
    bio: string | null
    orcid: string | null
    created_at: InstantColumn
    updated_at: InstantColumn
  }
  author_identifier: { source: string; external_id: string; author_id: string }
  book: {
    id: string
    title: string
    subtitle: string | null
    isbn13: string | null
    language: string | null
    published_on: string | null
    status: BookStatus
    description: string | null
    subjects: string[]
    owner_id: string | null
    created_at: InstantColumn
    updated_at: InstantColumn
    version: number
    /** Made of the other columns and of the authors' names. */
    document: string
    search: string
  }
  catalogue_state: { only_one: Generated<boolean>; stamp: string }
  book_contributor: { book_id: string; position: number; author_id: string; role: Relator }
  book_identifier: { source: string; external_id: string; book_id: string }
}
